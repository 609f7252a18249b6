// A journey as an ordered list of stages, with where the idea is.
export default function ({ data, parentElement }) {
  const line = parentElement.querySelector("ol")
  line.setAttribute("aria-label", data.label)
  line.tabIndex = 0
  line.replaceChildren(
    ...data.stages.map((stage) => {
      const item = document.createElement("li")
      item.className = stage.state
      if (stage.state.includes("here")) item.setAttribute("aria-current", "step")
      item.append(document.createTextNode(stage.name))
      const note = document.createElement("span")
      note.className = "note"
      note.textContent = stage.note
      const state = document.createElement("span")
      state.className = "hidden"
      state.textContent = ` (${stage.spoken})`
      item.append(state)
      if (stage.note) item.append(note)
      return item
    }),
  )
  const here = line.querySelector('[aria-current="step"]')
  if (here) line.scrollLeft = here.offsetLeft - line.clientWidth / 2 + here.clientWidth / 2
}
