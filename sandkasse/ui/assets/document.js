const YEAR = 60 * 60 * 24 * 365

export default function ({ data }) {
  document.documentElement.lang = data.language
  for (const [name, value] of Object.entries(data.cookies)) {
    const age = value === null ? 0 : YEAR
    document.cookie =
      `${name}=${encodeURIComponent(value ?? "")}; path=/; max-age=${age}; SameSite=Lax`
  }
}
