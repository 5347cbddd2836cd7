package dev.sotto.contracts;

import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import dev.sotto.secagg.TaskId;
import java.security.SecureRandom;
import java.util.Map;

/** Two sites and the three servers with fresh keys, and the trust file that names them. */
final class Parties {
    static final TaskId TASK = new TaskId("sentiment");

    private static final SecureRandom RANDOM = new SecureRandom();

    final IdentityKeyPair siteKey = IdentityKeyPair.generate(RANDOM);
    final EnvelopeSigner site = new EnvelopeSigner("bank-a", siteKey);
    final EnvelopeSigner stranger = new EnvelopeSigner("bank-x", IdentityKeyPair.generate(RANDOM));
    final IdentityKeyPair coordinationKey = IdentityKeyPair.generate(RANDOM);
    final EnvelopeSigner coordination = new EnvelopeSigner(Trust.COORDINATION, coordinationKey);
    final IdentityKeyPair aggregationKey = IdentityKeyPair.generate(RANDOM);
    final EnvelopeSigner aggregation = new EnvelopeSigner(Trust.AGGREGATION, aggregationKey);
    final IdentityKeyPair operatorKey = IdentityKeyPair.generate(RANDOM);
    final EnvelopeSigner operator = new EnvelopeSigner(Trust.OPERATOR, operatorKey);
    final Trust trust = new Trust(
            Map.of("bank-a", siteKey.publicKey().toBase64()),
            Map.of(
                    Trust.COORDINATION, coordinationKey.publicKey().toBase64(),
                    Trust.AGGREGATION, aggregationKey.publicKey().toBase64(),
                    Trust.OPERATOR, operatorKey.publicKey().toBase64()));
    final EnvelopeVerifier verifier = new EnvelopeVerifier(trust);
}
