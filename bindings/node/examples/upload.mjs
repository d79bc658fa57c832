// upload.mjs FOLDER: a server that stores what is sent to it, unless that holds
// a secret. Prints its port.
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import { SecretFilter, SecretFoundError } from 'secscan';

const [folder = '.'] = process.argv.slice(2);

const server = createServer(async (request, response) => {
  const file = path.join(folder, randomUUID());
  try {
    await pipeline(request, new SecretFilter({ mode: 'reject' }), createWriteStream(file),
                   { end: true });
    response.writeHead(201).end();
  } catch (error) {
    await rm(file, { force: true });
    const isSecret = error instanceof SecretFoundError;
    if (!response.destroyed) {
      response.writeHead(isSecret ? 422 : 500).end(isSecret ? `${error.message}\n` : '');
    }
  }
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(typeof address === 'object' && address ? address.port : address);
});
