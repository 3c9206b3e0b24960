// This file lies in `src` itself, so that the address holds for its source and for the built modules in `dist`.

/** The folder of the built page of the playground. */
export const pageFolder = new URL('../dist/page/', import.meta.url)
