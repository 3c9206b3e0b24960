// At the top of `src`, so that the address is right for the source and for the built modules in `dist`.

/** The folder of the built page of the playground. */
export const pageFolder = new URL('../dist/page/', import.meta.url)
