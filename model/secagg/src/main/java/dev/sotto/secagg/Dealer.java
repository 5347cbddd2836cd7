package dev.sotto.secagg;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/** Deals a site's secrets of a block: a pure function of them, so that a site that restarts deals the same bundle. */
final class Dealer {
    private final BlockTerms terms;
    private final SiteId self;
    private final List<SiteId> holders;

    Dealer(BlockTerms terms, SiteId self) {
        this.terms = terms;
        this.self = self;
        this.holders = List.copyOf(terms.graph().holders(self));
    }

    Bundle deal(AgreementKeyPair encryption, SortedMap<Integer, RoundSecrets> secrets) {
        byte[] rosterRoot = terms.rosterRoot();
        List<ShareBox> boxes = new ArrayList<>(holders.size());
        try {
            for (SiteId site : holders) {
                boxes.add(ShareBox.outgoing(terms, rosterRoot, encryption, self, site));
            }
            List<RoundKeys> rounds = new ArrayList<>(terms.rounds());
            secrets.forEach((number, round) ->
                    rounds.add(dealRound(new RoundId(terms.block().task(), number), round, boxes)));
            return new Bundle(terms.block(), self, rounds);
        } finally {
            boxes.forEach(ShareBox::close);
        }
    }

    private RoundKeys dealRound(RoundId round, RoundSecrets secrets, List<ShareBox> boxes) {
        KeyStream random = new KeyStream(secrets.dealing());
        byte[] selfMask = secrets.selfMask().bytes();
        byte[] maskKey = secrets.maskKey().privateBytes();
        try {
            List<ShamirShare> selfMaskShares = split(selfMask, random);
            List<ShamirShare> maskKeyShares = split(maskKey, random);
            List<EncryptedShares> encrypted = new ArrayList<>(holders.size());
            for (int i = 0; i < holders.size(); i++) {
                encrypted.add(encrypt(
                        round, holders.get(i), boxes.get(i), selfMaskShares.get(i), maskKeyShares.get(i), random));
            }
            return new RoundKeys(
                    round.number(),
                    secrets.maskKey().publicKey(),
                    ShareCommitment.ofSeed(round, self, selfMask),
                    encrypted);
        } finally {
            Arrays.fill(selfMask, (byte) 0);
            Arrays.fill(maskKey, (byte) 0);
        }
    }

    private List<ShamirShare> split(byte[] secret, KeyStream random) {
        byte[] coefficients = random.next(Shamir.coefficientBytes(terms.threshold()));
        try {
            return Shamir.split(secret, holders.size(), terms.threshold(), coefficients);
        } finally {
            Arrays.fill(coefficients, (byte) 0);
        }
    }

    private static EncryptedShares encrypt(
            RoundId round,
            SiteId destination,
            ShareBox box,
            ShamirShare selfMask,
            ShamirShare maskKey,
            KeyStream random) {
        byte[] nonce = random.next(ShareBox.NONCE_BYTES);
        byte[] selfMaskSalt = random.next(ShareCommitment.SALT_BYTES);
        byte[] maskKeySalt = random.next(ShareCommitment.SALT_BYTES);
        byte[] selfMaskShare = selfMask.y();
        byte[] maskKeyShare = maskKey.y();
        byte[] plain = ByteBuffer.allocate(ShareBox.PLAIN_BYTES)
                .put(selfMaskShare)
                .put(selfMaskSalt)
                .put(maskKeyShare)
                .put(maskKeySalt)
                .array();
        try {
            return new EncryptedShares(
                    destination,
                    box.seal(round, nonce, plain),
                    ShareCommitment.of(ShareKind.SELF_MASK, selfMask.x(), selfMaskShare, selfMaskSalt),
                    ShareCommitment.of(ShareKind.MASK_KEY, maskKey.x(), maskKeyShare, maskKeySalt));
        } finally {
            Arrays.fill(plain, (byte) 0);
            Arrays.fill(selfMaskShare, (byte) 0);
            Arrays.fill(maskKeyShare, (byte) 0);
        }
    }
}
