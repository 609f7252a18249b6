const YEAR = 60 * 60 * 24 * 365

// Streamlit's file field has a role that says it is nothing while its label says what it is
// (axe: presentation-role-conflict); without the role, the label is read.
function repairFileFields() {
  for (const field of document.querySelectorAll('[data-testid="stFileUploaderDropzone"]')) {
    field.removeAttribute("role")
  }
}

// Whether the screen is dark, for the paper.
function noteDarkness() {
  const parts = getComputedStyle(document.querySelector(".stApp")).backgroundColor.match(/[\d.]+/g)
  const light = parts ? parts.slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3 : 255
  document.documentElement.classList.toggle("dark-on-screen", light < 128)
}

function preparePaper(style) {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(style)
  document.adoptedStyleSheets.push(sheet)
  window.addEventListener("beforeprint", noteDarkness)
}

let watching = null

export default function ({ data }) {
  document.documentElement.lang = data.language
  for (const [name, value] of Object.entries(data.cookies)) {
    const age = value === null ? 0 : YEAR
    document.cookie =
      `${name}=${encodeURIComponent(value ?? "")}; path=/; max-age=${age}; SameSite=Lax`
  }
  if (!watching) {
    watching = new MutationObserver(repairFileFields)
    watching.observe(document.body, { childList: true, subtree: true })
    repairFileFields()
    preparePaper(PAPER)
  }
}
