import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type * as AesGcm from '../../../src/core/credentials/sealing/aes-gcm';
import type * as Keys from '../../../src/core/credentials/sealing/key-encryption-keys';
import type * as Local from '../../../src/core/credentials/sealing/local-key';
import type * as Sealing from '../../../src/core/credentials/sealing/sealer';
import type { SealerSubject } from './sealing-guards';

const FOLDER = '../../../src/core/credentials/sealing';

/** The real sealer, on an encryption of which one guard was taken out. */
function sealerOn(broken: Partial<typeof AesGcm>): SealerSubject {
  let sealer!: SealerSubject;
  jest.isolateModules(() => {
    jest.doMock(`${FOLDER}/aes-gcm`, () => ({ ...jest.requireActual(`${FOLDER}/aes-gcm`), ...broken }));
    const { Sealer } = require(`${FOLDER}/sealer`) as typeof Sealing;
    const { KeyEncryptionKeys } = require(`${FOLDER}/key-encryption-keys`) as typeof Keys;
    const { LocalKey } = require(`${FOLDER}/local-key`) as typeof Local;
    sealer = new Sealer(new KeyEncryptionKeys([new LocalKey(randomBytes(32))]));
  });
  jest.dontMock(`${FOLDER}/aes-gcm`);
  return sealer;
}

/** Encrypts without what the text belongs to. */
export function sealerWithoutAdditionalData(): SealerSubject {
  const { encrypt, decrypt } = jest.requireActual<typeof AesGcm>(`${FOLDER}/aes-gcm`);
  const nothing = Buffer.alloc(0);
  return sealerOn({
    encrypt: (key, plain) => encrypt(key, plain, nothing),
    decrypt: (key, encrypted) => decrypt(key, encrypted, nothing),
  });
}

/** Takes a tag of any length, as Node does by itself. */
export function sealerOfAnyTag(): SealerSubject {
  return sealerOn({
    encrypt: (key, plain, additionalData) => {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(additionalData);
      const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
      return { iv, ciphertext, tag: cipher.getAuthTag() };
    },
    decrypt: (key, { iv, ciphertext, tag }, additionalData) => {
      const options = { authTagLength: tag.length };
      const decipher = createDecipheriv('aes-256-gcm', key, iv, options).setAAD(additionalData);
      decipher.setAuthTag(tag);
      return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
    },
  });
}

/** Tries its own key, whichever one the text names. */
export function sealerOfAnyKey(
  sealer: SealerSubject & { readonly keyIds: readonly string[] },
): SealerSubject {
  return {
    seal: (plain, context) => sealer.seal(plain, context),
    open: (sealed, context) => sealer.open(sealed.replace(/(?<=^v2\.)[\w-]+/, sealer.keyIds[0]!), context),
  };
}
