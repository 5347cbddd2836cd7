package dev.sotto.simulation;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The platform's Ed25519, with a memory of what was signed in this process. A transcript record is read by every site;
 * simulated, they all do so in one process, and a verification takes longer than all else. A signature that this process
 * made over the very message, by a key whose signatures were once found to verify under the public key at hand, need not
 * be computed again. Whatever else comes is verified as ever. Thread-safe.
 */
final class RememberedSignatures extends Provider {
    private static final long serialVersionUID = 1L;
    private static final String NAME = "sotto-simulation";
    private static final int MOST = 40_000;

    /** Signer and message of a signature. */
    private record Made(ByteBuffer signer, ByteBuffer message) {}

    private record Pair(ByteBuffer signer, ByteBuffer publicKey) {}

    private static final Map<ByteBuffer, Made> MADE = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Made> eldest) {
            return size() > MOST;
        }
    });
    private static final Map<Made, byte[]> SIGNED = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Made, byte[]> eldest) {
            return size() > MOST / 10;
        }
    });
    private static final Map<Pair, Boolean> BELONG = new ConcurrentHashMap<>();

    private RememberedSignatures() {
        super(NAME, "1", "Ed25519 that remembers");
        put("Signature.Ed25519", Spi.class.getName());
    }

    /** Puts the memory in front of the platform's providers. */
    static synchronized void install() {
        if (Security.getProvider(NAME) == null) {
            Security.insertProviderAt(new RememberedSignatures(), 1);
        }
    }

    static synchronized void remove() {
        Security.removeProvider(NAME);
    }

    private static Signature platform() {
        try {
            return Signature.getInstance("Ed25519", "SunEC");
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException("the platform has Ed25519", e);
        }
    }

    private static ByteBuffer digest(byte[] bytes) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** One signature or verification. Not thread-safe. */
    public static final class Spi extends SignatureSpi {
        private final Signature platform = platform();
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();
        private ByteBuffer key = ByteBuffer.allocate(0);
        private PublicKey publicKey;

        @Override
        protected void engineInitVerify(PublicKey verified) {
            publicKey = verified;
            key = ByteBuffer.wrap(verified.getEncoded());
            message.reset();
        }

        @Override
        protected void engineInitSign(PrivateKey signer) throws InvalidKeyException {
            platform.initSign(signer);
            key = digest(signer.getEncoded());
            message.reset();
        }

        @Override
        protected void engineUpdate(byte single) {
            message.write(single);
        }

        @Override
        protected void engineUpdate(byte[] bytes, int from, int length) {
            message.write(bytes, from, length);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            byte[] bytes = message.toByteArray();
            Made made = new Made(key, digest(bytes));
            byte[] again = SIGNED.get(made);
            if (again != null) {
                // Ed25519 draws nothing: the same message has the same signature.
                return again.clone();
            }
            platform.update(bytes);
            byte[] signature = platform.sign();
            MADE.put(ByteBuffer.wrap(signature.clone()), made);
            SIGNED.put(made, signature.clone());
            return signature;
        }

        @Override
        protected boolean engineVerify(byte[] signature) throws SignatureException {
            byte[] bytes = message.toByteArray();
            Made made = MADE.get(ByteBuffer.wrap(signature));
            if (made == null || !made.message().equals(digest(bytes))) {
                return verify(bytes, signature);
            }
            Pair pair = new Pair(made.signer(), key);
            Boolean known = BELONG.get(pair);
            if (known == null) {
                known = verify(bytes, signature);
                BELONG.put(pair, known);
            }
            return known;
        }

        private boolean verify(byte[] bytes, byte[] signature) throws SignatureException {
            try {
                platform.initVerify(publicKey);
            } catch (InvalidKeyException e) {
                throw new SignatureException(e);
            }
            platform.update(bytes);
            return platform.verify(signature);
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {
            throw new IllegalArgumentException("Ed25519 has no parameters");
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new IllegalArgumentException("Ed25519 has no parameters");
        }
    }
}
