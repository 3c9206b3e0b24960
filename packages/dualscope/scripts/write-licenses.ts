// Builds the page, and writes the licences of the packages that it and the command contain, as those licences demand.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

import { buildPage } from './build-page.ts'

interface Metafile {
  inputs: Record<string, unknown>
}

const root = join(import.meta.dirname, '..')
const metafile = join(root, 'dist/metafile-esm.json')

/** Returns the folders of the packages that modules belong to. */
function packagesOf(modules: readonly string[]): string[] {
  const folders = modules.map((path) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0])
  return folders.filter((folder) => folder !== undefined).map((folder) => resolve(root, folder))
}

async function licenseOf(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    name: string
    version: string
    license: string
  }
  const file = (await readdir(folder)).find((each) => /^licen[sc]e/i.test(each))
  const text = file === undefined ? `Licence: ${license}` : (await readFile(join(folder, file), 'utf8')).trim()
  return `${name} ${version}\n\n${text}\n`
}

const { inputs } = JSON.parse(await readFile(metafile, 'utf8')) as Metafile
const folders = new Set(packagesOf([...Object.keys(inputs), ...(await buildPage())]).sort())
const licenses = await Promise.all([...folders].map(licenseOf))
const rule = `\n${'-'.repeat(80)}\n\n`
await writeFile(join(root, 'dist/THIRD-PARTY-LICENSES.txt'), [...new Set(licenses)].join(rule))
await rm(metafile)
