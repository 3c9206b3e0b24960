import type { Conversation, Medium } from './conversation.ts'
import { type Issue, createIssue } from './issue.ts'
import type { Model } from './models.ts'

const noUrl = 'The provided URL does not appear to be valid. Ensure it is correctly formatted.'
const tooLarge = 'Exceeded limit on max bytes per data-uri item : 10485760'

/** The most bytes of a data URL, as text ("Error messages" page). */
const maxDataUrl = 10_485_760

function urlsOf(medium: Medium) {
  return medium.type === 'frames' ? medium.urls : [medium.url]
}

/** Judges the URLs of what was sent, and whether the model sees at all. */
export function judgeMedia(conversation: Conversation, model: Partial<Model> | undefined, headers: Headers): Issue[] {
  const { protocol } = conversation
  const resolves = headers.get('x-dashscope-ossresourceresolve') === 'enable'
  const root = protocol === 'compatible' ? 'messages' : 'input.messages'
  return conversation.turns.flatMap(({ media }, index) => {
    const path = `${root}.${index}.content`
    if (media.length > 0 && model?.media === false) {
      return [createIssue(protocol, 'parameter', 'input content must be a string.', path)]
    }
    return media.flatMap(urlsOf).flatMap((url) => {
      if (/^data:/i.test(url)) {
        if (url.length > maxDataUrl) return [createIssue(protocol, 'parameter', tooLarge, path)]
        return /^data:[^,]*;base64,/i.test(url) ? [] : [createIssue(protocol, 'parameter', noUrl, path)]
      }
      if (/^oss:\/\/./.test(url)) return resolves ? [] : [createIssue(protocol, 'parameter', noUrl, path)]
      return /^https?:\/\/./i.test(url) ? [] : [createIssue(protocol, 'parameter', noUrl, path)]
    })
  })
}
