import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Server } from 'node:https';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { SchemaServices } from '../services';

/** Paths of PEM files. */
export interface TlsFiles {
  /** The certificate, and after it those that lead to its root. */
  certFile: string;
  keyFile: string;
}

/** A certificate and a key that cannot serve: names the file and what is wrong with it. */
export class TlsFilesError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'TlsFilesError';
  }
}

/** Reads and judges the pair. TLS 1.2 is the oldest that is spoken. @throws TlsFilesError */
export function readTls({ certFile, keyFile }: TlsFiles): SecureContextOptions {
  const cert = read('certificate', certFile);
  const key = read('key', keyFile);
  const certificate = judged('certificate', certFile, () => new X509Certificate(cert));
  const privateKey = judged('key', keyFile, () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new TlsFilesError(`The TLS key ${keyFile} is not the key of the certificate ${certFile}`);
  }
  const context = { cert, key, minVersion: 'TLSv1.2' } as const;
  // The rest of the chain, and whether OpenSSL takes a key so weak.
  judged('certificate', certFile, () => createSecureContext(context));
  return context;
}

/**
 * Uses a new pair as soon as it is there, for new connections. While the two files do not belong together, as when one
 * was written and the other is yet to come, the old pair stays. Looks at the files instead of waiting for events, which
 * do not come for every kind of mount.
 * @returns ends the watch
 */
export function reloadTls(
  server: Server,
  files: TlsFiles,
  { logger }: Pick<SchemaServices, 'logger'>,
  checkMs: number,
): () => void {
  const reload = () => {
    try {
      server.setSecureContext(readTls(files));
      logger.info({ certFile: files.certFile }, 'The TLS certificate was loaded again');
    } catch (error) {
      logger.error({ err: error }, 'The TLS certificate has changed and cannot be used: the old one stays');
    }
  };
  const watched = Object.values(files) as string[];
  watched.forEach((file) => watchFile(file, { interval: checkMs, persistent: false }, reload));
  return () => watched.forEach((file) => unwatchFile(file, reload));
}

function read(what: string, file: string): Buffer {
  return judged(what, file, () => readFileSync(file));
}

function judged<T>(what: string, file: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TlsFilesError(`The TLS ${what} ${file} cannot be used: ${why}`, error);
  }
}
