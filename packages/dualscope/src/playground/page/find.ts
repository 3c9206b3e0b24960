/** Finds the element of a selector; the page cannot work without it. */
export function find<T extends HTMLElement>(scope: ParentNode, selector: string, kind: new () => T): T {
  const element = scope.querySelector(selector)
  if (!(element instanceof kind)) throw new Error(`The page has no ${selector}`)
  return element
}

/** Clones the only element of a template. */
export function cloneTemplate(id: string): HTMLElement {
  const { content } = find(document, `#${id}`, HTMLTemplateElement)
  return find(document.importNode(content, true), '*', HTMLElement)
}

/** Creates an element with children. Text becomes a text node, never markup. */
export function createElement<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  element.append(...children)
  return element
}
