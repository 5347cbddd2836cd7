package dev.sotto.aggregation;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.federation.IdentityFile;
import dev.sotto.federation.Trust;
import java.nio.file.Path;

/**
 * The job's identity from a file mounted wherever operators run.
 *
 * @param file the file's path
 */
record MountedSigner(String file) implements Opener<EnvelopeSigner> {
    @Override
    public EnvelopeSigner open() {
        return new EnvelopeSigner(Trust.AGGREGATION, IdentityFile.read(Path.of(file)));
    }
}
