/** `<icd-img>`: shows an `.icd` file as an `<img>` shows other pictures. Importing this module defines the element. */
export class IcdImage extends HTMLElement {
  /** The address of the file; absolute when it is read. */
  src: string;
  /** The text that is read out, and shown where the picture can't be. */
  alt: string;
  /** `lazy` to load the picture when it comes near to what is seen. */
  loading: 'lazy' | 'eager';
  /** In pixels of the layout. */
  width: number;
  /** In pixels of the layout. */
  height: number;
  /** Whether nothing is on its way. */
  readonly complete: boolean;
  /** Width of the picture; 0 until it is there. */
  readonly naturalWidth: number;
  /** Height of the picture; 0 until it is there. */
  readonly naturalHeight: number;
  /** Loads the picture if that has not begun, and waits for it. Rejected with what went wrong: an `IcdError`, or what `fetch` throws. */
  decode(): Promise<void>;
}

declare global {
  interface HTMLElementTagNameMap {
    'icd-img': IcdImage;
  }
}
