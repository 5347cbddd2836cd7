package dev.sotto.federation;

import dev.sotto.secagg.IdentityKeyPair;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/** A private identity key in a file: base64 around PKCS#8, readable by its owner alone. Stateless. */
public final class IdentityFile {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private IdentityFile() {}

    /**
     * Writes a new file.
     *
     * @throws FileAlreadyExistsException if there is one: a key is never overwritten
     */
    public static void create(Path file, IdentityKeyPair identity) throws IOException {
        byte[] pkcs8 = identity.pkcs8();
        byte[] line = Base64.getEncoder().encode(pkcs8);
        try {
            Files.createFile(file, ownerOnly());
            Files.write(file, line, StandardOpenOption.WRITE);
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
            Arrays.fill(line, (byte) 0);
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    /**
     * Reads a file.
     *
     * @throws ConfigurationException if it cannot be read or holds no key; the message never quotes it
     */
    public static IdentityKeyPair read(Path file) {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ConfigurationException("cannot read the identity " + file + ": " + e.getMessage(), e);
        }
        byte[] pkcs8 = new byte[0];
        try {
            pkcs8 = Base64.getMimeDecoder().decode(content);
            return IdentityKeyPair.fromPkcs8(pkcs8);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    file + " is not the base64 of a PKCS#8 Ed25519 key; 'sotto keys generate' makes one");
        } finally {
            Arrays.fill(content, (byte) 0);
            Arrays.fill(pkcs8, (byte) 0);
        }
    }
}
