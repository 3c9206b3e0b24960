import type { Protocol, Welcome } from '../line.ts'
import type { QuestionFields } from '../question.ts'
import { createElement, find } from './find.ts'

/** A question without its turns. */
export type Settings = Omit<QuestionFields, 'turns'>

/** Fills the list of models, and shows the fields that the choices need. */
export function setUpSettings(form: HTMLFormElement, { models, model }: Welcome): void {
  const input = find(form, '[name=model]', HTMLInputElement)
  const note = find(form, '#model-note', HTMLElement)
  const describe = () => {
    const info = models.find(({ id }) => id === input.value)
    note.textContent = info
      ? `Reads ${info.inputs.join(', ')}${info.retired ? '; taken offline' : ''}.`
      : 'Not in the catalogue, so requests for it are not checked.'
  }
  find(form, '#models', HTMLElement).replaceChildren(
    ...models.map(({ id, retired }) => {
      const option = createElement('option', retired ? 'taken offline' : '')
      option.value = id
      return option
    }),
  )
  input.value = model
  input.addEventListener('input', describe)
  describe()
  for (const [field, value, target] of [
    ['thinking', 'budget', '#budget'],
    ['output', 'schema', '#schema'],
  ] as const) {
    const select = find(form, `[name=${field}]`, HTMLSelectElement)
    const show = () => {
      find(form, target, HTMLElement).hidden = select.value !== value
    }
    select.addEventListener('change', show)
    show()
  }
  // A phone shows the conversation first.
  find(form, '#settings', HTMLDetailsElement).open = matchMedia('(min-width: 60rem)').matches
}

/** Reads the settings. Throws for a schema that is not JSON. */
export function readSettings(form: HTMLFormElement): Settings {
  const data = new FormData(form)
  const text = (name: string) => {
    const value = data.get(name)
    return typeof value === 'string' ? value : ''
  }
  const number = (name: string) => (text(name) === '' ? undefined : Number(text(name)))
  return {
    protocols: data.getAll('protocol') as Protocol[],
    model: text('model').trim(),
    system: text('system').trim() || undefined,
    thinking: readThinking(text('thinking'), Number(text('budget'))),
    temperature: number('temperature'),
    topP: number('topP'),
    maxTokens: number('maxTokens'),
    seed: number('seed'),
    search: data.has('search') || undefined,
    output: readOutput(text('output'), text('schema')),
  }
}

function readThinking(choice: string, budget: number): Settings['thinking'] {
  if (choice === 'budget') return { budget }
  return choice === '' ? undefined : choice === 'on'
}

function readOutput(choice: string, schema: string): Settings['output'] {
  if (choice !== 'schema') return choice === 'json' ? 'json' : undefined
  try {
    return JSON.parse(schema) as Record<string, unknown>
  } catch (error) {
    throw new Error(`The schema is not JSON: ${(error as Error).message}`, { cause: error })
  }
}
