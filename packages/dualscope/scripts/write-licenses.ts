// Writes the licences of the packages that the command and its page contain, as those licences demand.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

interface Metafile {
  inputs: Record<string, unknown>
}

const root = join(import.meta.dirname, '..')
const metafiles = ['dist/metafile-esm.json', 'dist/page/metafile.json'].map((file) => join(root, file))

/** Returns the folders of the packages that a bundle contains. */
async function bundledPackages(metafile: string): Promise<string[]> {
  const { inputs } = JSON.parse(await readFile(metafile, 'utf8')) as Metafile
  const folders = Object.keys(inputs).map((input) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0])
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

const folders = new Set((await Promise.all(metafiles.map(bundledPackages))).flat().sort())
const licenses = await Promise.all([...folders].map(licenseOf))
const rule = `\n${'-'.repeat(80)}\n\n`
await writeFile(join(root, 'dist/THIRD-PARTY-LICENSES.txt'), [...new Set(licenses)].join(rule))
await Promise.all(metafiles.map((file) => rm(file)))
