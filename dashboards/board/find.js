/**
 * The element that the page must have. Throws when it has not: a board without a part must not look whole.
 * @template {Element} T @param {ParentNode} root @param {string} selector @param {new () => T} type
 */
export const find = (root, selector, type) => {
  const found = root.querySelector(selector)
  if (!(found instanceof type)) throw new Error(`the page has no ${selector}`)
  return found
}
