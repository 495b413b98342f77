/** The name that was probably meant, or undefined when none comes near. */
export const nearestName = (given: string, names: readonly string[]): string | undefined => {
  const ranked = names
    .map(name => ({ name, distance: editDistance(given.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const [best] = ranked
  return best && best.distance <= given.length / 3 ? best.name : undefined
}

/** Levenshtein: the fewest letters to insert, delete or replace. */
const editDistance = (a: string, b: string): number => {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (const letter of a) {
    let diagonal = above[0] ?? 0
    const row = [diagonal + 1]
    for (const [column, other] of Array.from(b).entries()) {
      const up = above[column + 1] ?? 0
      row.push(Math.min(up + 1, (row[column] ?? 0) + 1, diagonal + (letter === other ? 0 : 1)))
      diagonal = up
    }
    above = row
  }
  return above.at(-1) ?? 0
}
