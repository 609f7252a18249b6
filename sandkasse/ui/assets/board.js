// The board: a column a stage, cards that open, move by a button, and move by dragging on top.
// All text is set, never parsed. What is done with a card is decided in Python.
function element(tag, className, text) {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text !== undefined && text !== null) made.textContent = text
  return made
}

function button(text, label, act) {
  const made = element("button", "", text)
  made.type = "button"
  if (label) made.setAttribute("aria-label", label)
  made.onclick = act
  return made
}

export default function ({ data, parentElement, setTriggerValue }) {
  const board = parentElement.querySelector(".board")
  const more = parentElement.querySelector(".more")
  const focused = parentElement.activeElement?.dataset?.focus
  const scrolled = board.scrollLeft
  let dragged = null

  const card = (one) => {
    const item = element("li", [one.late && "late", one.held && "held"].filter(Boolean).join(" "))
    item.dataset.idea = one.id
    const link = element("a", "", one.title)
    link.href = one.href
    link.dataset.focus = `open-${one.id}`
    link.draggable = false
    link.onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      setTriggerValue("opened", one.id)
    }
    const row = element("div", "row")
    const marks = element("div", "marks")
    marks.append(...one.marks.map((m) => element("span", m.strong ? "mark strong" : "mark", m.text)))
    row.append(marks)
    if (data.movable) {
      const move = button(data.words.move, one.move, () => setTriggerValue("moved", { idea: one.id, to: null, seq: one.seq }))
      move.dataset.focus = `move-${one.id}`
      row.append(move)
      item.draggable = true
      item.ondragstart = (event) => {
        dragged = one
        event.dataTransfer.effectAllowed = "move"
        event.dataTransfer.setData("text/plain", one.title)
      }
      item.ondragend = () => { dragged = null }
    }
    item.append(link, element("div", "facts", one.facts), row)
    return item
  }

  const pager = (column) => {
    const box = element("div", "pager")
    const back = button("‹", column.previous, () => setTriggerValue("paged", { stage: column.id, page: column.page - 1 }))
    const on = button("›", column.next, () => setTriggerValue("paged", { stage: column.id, page: column.page + 1 }))
    back.disabled = column.page <= 1
    on.disabled = column.page >= column.pages
    back.dataset.focus = `back-${column.id}`
    on.dataset.focus = `on-${column.id}`
    box.append(back, element("span", "", column.place), on)
    return box
  }

  const tellOfMore = () => { more.hidden = board.scrollWidth <= board.clientWidth + 1 }
  more.textContent = data.words.more
  board.setAttribute("aria-label", data.label)
  board.tabIndex = 0
  board.replaceChildren(
    ...data.columns.map((column) => {
      const section = element("section")
      const heading = element("h2", "", column.name)
      heading.id = `stage-${column.id}`
      section.setAttribute("aria-labelledby", heading.id)
      const list = element("ul")
      list.append(...column.cards.map(card))
      section.append(heading, element("p", "count", column.count))
      if (column.cards.length) section.append(list)
      else section.append(element("p", "empty", column.empty))
      if (column.pages > 1) section.append(pager(column))
      section.ondragover = (event) => {
        if (dragged === null || dragged.stage === column.id) return
        event.preventDefault()
        section.classList.add("target")
      }
      section.ondragleave = () => section.classList.remove("target")
      section.ondrop = (event) => {
        event.preventDefault()
        section.classList.remove("target")
        if (dragged !== null && dragged.stage !== column.id) {
          setTriggerValue("moved", { idea: dragged.id, to: column.id, seq: dragged.seq })
        }
      }
      return section
    }),
  )
  board.scrollLeft = scrolled
  tellOfMore()
  if (!board.watched) {
    board.watched = new ResizeObserver(tellOfMore)
    board.watched.observe(board)
  }
  if (focused) parentElement.querySelector(`[data-focus="${focused}"]`)?.focus()
}
