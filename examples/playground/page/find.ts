/** The element that a selector names; the page cannot do without it. */
export function find<T extends HTMLElement>(scope: ParentNode, selector: string, kind: new () => T): T {
  const found = scope.querySelector(selector)
  if (!(found instanceof kind)) throw new Error(`The page has no ${selector}`)
  return found
}
