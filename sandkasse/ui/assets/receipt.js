// What was just done, with the way back. It stays until it is answered or something else is done.
export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".receipt")
  const [undo, close] = box.querySelectorAll("button")
  box.querySelector("span").textContent = data.message
  undo.textContent = data.undo
  undo.hidden = !data.undo
  close.textContent = "✕"
  close.setAttribute("aria-label", data.close)
  undo.onclick = () => { box.hidden = true; setTriggerValue("undone", data.token) }
  close.onclick = () => { box.hidden = true; setTriggerValue("closed", data.token) }
  box.hidden = false
}
