// Kimi page, "Batasan file", in bytes and pixels. Its MB is 2^20 bytes, as in the policies of the upload.
const megabyte = 2 ** 20

/**
 * The longest data URLs of one request together, in bytes. The service refuses a longer item (Model Studio, "Error
 * messages": at most 10485760 bytes).
 */
export const inlineLimit = 10 * megabyte

/** The largest file of each kind, however it is sent. */
export const fileSizeLimits = { image: 10 * megabyte, video: 100 * megabyte }

/** The formats of an image below 4K. */
export const imageFormats: readonly string[] = [
  'image/bmp',
  'image/jpeg',
  'image/png',
  'image/tiff',
  'image/webp',
  'image/heic',
]

/** The formats of an image above 4K. */
export const largeImageFormats: readonly string[] = ['image/jpeg', 'image/png']

/** 4K, as a number of pixels, so that it holds for upright images too. */
export const largeImagePixels = 3840 * 2160

/** Both sides of an image must be longer than this. */
export const shortestSide = 10

/** The longest ratio of an image's long side to its short one. */
export const widestRatio = 200
