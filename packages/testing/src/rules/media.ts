import type { Conversation, Medium } from './conversation.ts'
import { createIssue, type Issue, missingOrInvalid } from './issue.ts'
import type { Model } from './models.ts'
import { framesWords } from './schema/message.ts'

const noUrl = 'The provided URL does not appear to be valid. Ensure it is correctly formatted.'
const tooLarge = 'Exceeded limit on max bytes per data-uri item : 10485760'
const noDownload = 'Unable to download the media resource during the data inspection process.'

/** The most bytes of a data URL, as text ("Error messages" page). */
const maxDataUrl = 10_485_760

/** The facts that decide whether an `oss://` URL can be read. */
export interface MediaAccess {
  headers: Headers
  /** Whether a model can read the file. @default every model can */
  canRead?: ((url: string, model: string) => boolean) | undefined
}

function urlsOf(medium: Medium): readonly string[] {
  switch (medium.type) {
    case 'frames':
      return medium.urls
    case 'image':
    case 'video':
      return [medium.url]
    // In chat/completions, the data of a sound is not a URL.
    case 'audio':
    case 'unknown':
      return []
  }
}

/** Validates that the model supports a medium; an undocumented model supports all. */
function judgeKind(medium: Medium, { protocol }: Conversation, { inputs }: Partial<Model>, path: string): Issue[] {
  if (!inputs) return []
  const kind = medium.type === 'frames' ? 'video' : medium.type
  if (kind === 'unknown' || !inputs.includes(kind)) {
    const words = inputs.length === 0 ? 'input content must be a string.' : missingOrInvalid(`content.${kind}`)
    return [createIssue(protocol, 'parameter', words, path)]
  }
  const count = medium.type === 'frames' ? medium.urls.length : 4
  return count < 4 || count > 2000 ? [createIssue(protocol, 'parameter', framesWords, path)] : []
}

/** Validates the URLs of media, and that the model supports their kinds. */
export function judgeMedia(
  conversation: Conversation,
  model: Partial<Model> | undefined,
  { headers, canRead }: MediaAccess,
): Issue[] {
  const { protocol } = conversation
  const resolves = headers.get('x-dashscope-ossresourceresolve') === 'enable'
  const root = protocol === 'compatible' ? 'messages' : 'input.messages'

  const judgeUrl = (url: string, path: string): Issue[] => {
    if (/^data:/i.test(url)) {
      if (url.length > maxDataUrl) return [createIssue(protocol, 'parameter', tooLarge, path)]
      return /^data:[^,]*;base64,/i.test(url) ? [] : [createIssue(protocol, 'parameter', noUrl, path)]
    }
    if (/^oss:\/\/./.test(url)) {
      if (!resolves) return [createIssue(protocol, 'parameter', noUrl, path)]
      const readable = canRead?.(url, conversation.model) ?? true
      return readable ? [] : [createIssue(protocol, 'download', noDownload, path)]
    }
    return /^https?:\/\/./i.test(url) ? [] : [createIssue(protocol, 'parameter', noUrl, path)]
  }

  return conversation.turns.flatMap(({ media }, index) => {
    const path = `${root}.${index}.content`
    const kinds = media.flatMap((medium) => judgeKind(medium, conversation, model ?? {}, path))
    return kinds.length > 0 ? kinds : media.flatMap(urlsOf).flatMap((url) => judgeUrl(url, path))
  })
}
