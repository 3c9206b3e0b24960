import { createElement, find } from './find.ts'

/** The images and videos of the next message. */
export interface Attachments {
  /** Returns them, and empties the list. */
  take: () => readonly File[]
  add: (files: Iterable<File>) => void
  isEmpty: () => boolean
}

/** Creates the list; files come from the dialog, a drop or a paste. */
export function createAttachments(form: HTMLFormElement, onProblem: (message: string) => void): Attachments {
  const list = find(form, '#attachments', HTMLElement)
  const input = find(form, '[name=media]', HTMLInputElement)
  const composer = find(form, '#composer', HTMLElement)
  let files: File[] = []

  const show = () => {
    releaseThumbnails(list)
    list.replaceChildren(...files.map((file) => createItem(file, () => remove(file))))
  }
  const remove = (file: File) => {
    files = files.filter((each) => each !== file)
    show()
    input.focus()
  }
  const add = (added: Iterable<File>) => {
    for (const file of added) {
      if (/^(image|video)\//.test(file.type)) files.push(file)
      else onProblem(`${file.name} is neither an image nor a video.`)
    }
    show()
  }

  input.addEventListener('change', () => {
    add(input.files ?? [])
    input.value = ''
  })
  form.addEventListener('paste', ({ clipboardData }) => add(clipboardData?.files ?? []))
  for (const name of ['dragenter', 'dragover', 'dragleave', 'drop'] as const) {
    composer.addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      composer.classList.toggle('dropping', name === 'dragenter' || name === 'dragover')
      if (name === 'drop') add(event.dataTransfer.files)
    })
  }

  return {
    add,
    isEmpty: () => files.length === 0,
    take() {
      const taken = files
      files = []
      show()
      return taken
    },
  }
}

function createItem(file: File, onRemove: () => void): HTMLLIElement {
  const button = createElement('button', '×')
  button.type = 'button'
  button.ariaLabel = `Remove ${file.name}`
  button.addEventListener('click', onRemove)
  return createElement(
    'li',
    createThumbnail(file),
    createElement('span', `${file.name}, ${formatSize(file.size)}`),
    button,
  )
}

/** Releases the memory of the thumbnails in an element that will be emptied. */
export function releaseThumbnails(scope: ParentNode): void {
  for (const { src } of scope.querySelectorAll<HTMLImageElement | HTMLVideoElement>('img, video')) {
    URL.revokeObjectURL(src)
  }
}

/** Creates a small picture of a file. Release it with `releaseThumbnails`. */
export function createThumbnail(file: File): HTMLElement {
  const isVideo = file.type.startsWith('video/')
  const element = createElement(isVideo ? 'video' : 'img')
  element.src = URL.createObjectURL(file)
  if (element instanceof HTMLImageElement) element.alt = file.name
  else {
    element.controls = true
    element.muted = true
    element.ariaLabel = file.name
  }
  return element
}

/** Formats a number of bytes. */
export function formatSize(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
