// A list of records: each row a link, a line of facts, and marks. Text is set, never parsed.
function element(tag, className, text) {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text !== undefined && text !== null) made.textContent = text
  return made
}

export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector("ul")
  list.setAttribute("aria-label", data.label)
  list.replaceChildren(
    ...data.rows.map((row) => {
      const item = element("li", row.faint ? "faint" : "")
      if (row.href) {
        const link = element("a", "", row.title)
        link.href = row.href
        link.onclick = (event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return
          event.preventDefault()
          setTriggerValue("opened", row.id)
        }
        item.append(link)
      } else {
        item.append(element("span", row.gone ? "unlinked gone" : "unlinked", row.title))
      }
      const marks = element("div", "marks")
      marks.append(
        ...row.marks.map((mark) => element("span", mark.strong ? "mark strong" : "mark", mark.text)),
      )
      if (row.marks.length) item.append(marks)
      const facts = element("div", "facts")
      facts.append(...row.facts.map((fact) => element("span", "", fact)))
      item.append(facts)
      if (row.text) item.append(element("div", "text", row.text))
      if (row.action) {
        const button = element("button", "", row.action)
        button.type = "button"
        button.setAttribute("aria-label", `${row.action}: ${row.title}`)
        button.onclick = () => setTriggerValue("acted", row.id)
        item.append(button)
      }
      item.tabIndex = -1
      item.dataset.id = row.id
      for (const lead of row.leads) {
        const button = element("button", "", lead.text)
        button.type = "button"
        button.onclick = () => {
          const other = list.querySelector(`li[data-id="${lead.to}"]`)
          if (other) other.focus()
          else setTriggerValue("followed", lead.to)
        }
        item.append(button)
      }
      return item
    }),
  )
  const here = data.rows.find((row) => row.here)
  if (here && list.dataset.here !== String(here.id)) {
    list.querySelector(`li[data-id="${here.id}"]`).focus()
  }
  list.dataset.here = here ? here.id : ""
}
