// A table with what it means below. A tall one scrolls, and its headings put its rows in order:
// once up, once down, then as given. Text is set, never parsed.
function element(tag, className, text) {
  const made = document.createElement(tag)
  if (className) made.className = className
  made.textContent = text
  return made
}

function compared(column, one, other) {
  if (!column.numbers) return column.cells[one].localeCompare(column.cells[other])
  return (column.numbers[one] ?? -Infinity) - (column.numbers[other] ?? -Infinity)
}

function ordered(columns, order) {
  const rows = columns.length ? [...columns[0].cells.keys()] : []
  if (!order) return rows
  const sign = order.down ? -1 : 1
  return rows.sort((one, other) => sign * compared(columns[order.by], one, other))
}

function next(order, by) {
  if (!order || order.by !== by) return { by, down: false }
  return order.down ? null : { by, down: true }
}

function heading(column, place, order, sort) {
  const cell = element("th", column.numbers ? "number" : "", sort ? "" : column.heading)
  cell.scope = "col"
  if (!sort) return cell
  const button = element("button", "", column.heading)
  button.type = "button"
  button.onclick = () => sort(place)
  const here = order && order.by === place
  cell.setAttribute("aria-sort", here ? (order.down ? "descending" : "ascending") : "none")
  cell.append(button)
  return cell
}

function row(columns, at) {
  const line = document.createElement("tr")
  columns.forEach((column, place) => {
    const cell = element(place ? "td" : "th", column.numbers && place ? "number" : "", column.cells[at])
    if (!place) cell.scope = "row"
    line.append(cell)
  })
  return line
}

// Who has no mouse scrolls a table that is wider or longer than its room by the keyboard; that
// there is more to the side is said, for a table that ends between two columns looks whole.
function fit(room) {
  const wider = room.scrollWidth > room.clientWidth + 1
  if (wider || room.scrollHeight > room.clientHeight) room.tabIndex = 0
  else room.removeAttribute("tabindex")
  room.previousElementSibling.hidden = !wider
}

const widths = new ResizeObserver((changed) => changed.forEach(({ target }) => fit(target)))

export default function ({ data, parentElement }) {
  const room = parentElement.querySelector(".room")
  widths.observe(room)
  room.setAttribute("aria-label", data.label)
  const table = room.querySelector("table")
  room.classList.toggle("tall", data.tall)
  table.setAttribute("aria-label", data.label)
  parentElement.querySelector(".note").textContent = data.note
  parentElement.querySelector(".more").textContent = data.sideways
  const draw = (order, refocus) => {
    room.order = order
    const sort = data.tall && ((by) => draw(next(order, by), by))
    const head = data.columns.map((column, place) => heading(column, place, order, sort))
    table.querySelector("thead tr").replaceChildren(...head)
    table.querySelector("tbody").replaceChildren(...ordered(data.columns, order).map((at) => row(data.columns, at)))
    fit(room)
    if (refocus !== undefined) head[refocus].querySelector("button").focus()
  }
  const kept = room.order
  draw(kept && kept.by < data.columns.length ? kept : null)
  return () => widths.unobserve(room)
}
