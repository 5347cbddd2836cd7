package dev.sotto.secagg;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Survivors give away a secret each, which opens only if the threshold of sites has answered for the very same survivors.
 *
 * <p>A secret that is given away because so many sites dropped out must stay closed if, to others, more are said to have: else a
 * server that tells two stories has the secrets of the one and the sum of the other (it is why Bonawitz et al. 2017, section 4, check
 * consistency in a round of its own). Here no round is added. Each survivor shares its secret among all survivors with the block's threshold t
 * and seals every share under a key that it and the holder alone can derive, from the agreement of their encryption keys, the
 * round and the survivors. A site tells the keys of the one set of survivors it answers for, and those of no other ({@link UnmaskGuard}).
 *
 * <p>So whoever opens a secret has had t sites answer for these survivors, and whoever learns a sum has had t sites call
 * each site outside it dead. Were one of those among these survivors, the two would take {@code 2 t} answers from {@code n + c} (see
 * {@link Thresholds}): hence no sum that is learned has fewer sites in it than the survivors that an honest site's secret was given away for. On a sparse graph
 * different neighbourhoods could be told differently, so this is for the complete graph alone. Stateless.
 */
public final class Disclosing {
    private static final byte[] LABEL = LengthPrefixed.text("sotto/disclosure/v1");
    private static final int TAG_BITS = 128;
    // Every key seals one box.
    private static final byte[] NONCE = new byte[12];

    private Disclosing() {}

    /**
     * A survivor's part.
     *
     * @param survivors those that this site answers for, itself among them
     * @param secret 32 bytes to give away, which the caller erases; null to give nothing away and help the others all the same
     * @throws IllegalArgumentException if the block is on a sparse graph, the site is no survivor, or there are too few
     */
    public static Disclosure disclose(
            BlockSecrets secrets, SurvivorSet survivors, byte @Nullable [] secret, SecureRandom random) {
        BlockTerms terms = secrets.terms();
        SiteId self = secrets.self();
        List<SiteId> sites = List.copyOf(survivors.survivors());
        Require.that(terms.graph().isComplete(), "graph of a disclosure", terms.graph(), "the complete graph");
        Require.that(sites.contains(self), "survivors of a disclosure", sites, "with the site itself, " + self);
        Require.that(
                sites.size() >= terms.threshold(),
                "number of survivors",
                sites.size(),
                "at least the threshold of " + terms.threshold());
        byte[] context = LengthPrefixed.of(terms.rosterRoot(), survivors.hash());
        List<ShamirShare> shares =
                secret == null ? List.of() : Shamir.split(secret, sites.size(), terms.threshold(), random);
        List<byte[]> keys = new ArrayList<>();
        List<byte[]> boxes = new ArrayList<>();
        for (int i = 0; i < sites.size(); i++) {
            SiteId other = sites.get(i);
            byte[] shared = secrets.encryption().agree(keyOf(terms, other));
            keys.add(key(shared, context, other, self));
            if (secret != null) {
                byte[] own = key(shared, context, self, other);
                boxes.add(sealed(own, shares.get(i)));
                Arrays.fill(own, (byte) 0);
            }
            Arrays.fill(shared, (byte) 0);
        }
        return new Disclosure(keys, boxes);
    }

    /**
     * The secrets that open, by the site that gave each away. That they are what it had committed to is for the caller to see; a box that does
     * not open under its holder's key is left out.
     *
     * @param threshold the block's
     * @param answers what has come, by site; one for other survivors opens nothing
     * @return 32 bytes each, which the caller erases
     */
    public static SortedMap<SiteId, byte[]> open(
            SurvivorSet survivors, int threshold, Map<SiteId, Disclosure> answers) {
        List<SiteId> sites = List.copyOf(survivors.survivors());
        SortedMap<SiteId, byte[]> opened = new TreeMap<>();
        for (int dealer = 0; dealer < sites.size(); dealer++) {
            Disclosure given = answers.get(sites.get(dealer));
            if (given == null || given.boxes().size() != sites.size()) {
                continue;
            }
            List<ShamirShare> shares = new ArrayList<>();
            for (int holder = 0; holder < sites.size(); holder++) {
                Disclosure held = answers.get(sites.get(holder));
                if (held != null && held.keys().size() == sites.size()) {
                    share(holder + 1, held.keys().get(dealer), given.boxes().get(holder))
                            .ifPresent(shares::add);
                }
            }
            if (shares.size() >= threshold) {
                opened.put(sites.get(dealer), Shamir.combine(shares, threshold));
            }
        }
        return opened;
    }

    private static AgreementPublicKey keyOf(BlockTerms terms, SiteId site) {
        AgreementPublicKey key = terms.cohort().get(site);
        if (key == null) {
            throw new IllegalArgumentException("site " + site + " is not in the cohort of block " + terms.block());
        }
        return key;
    }

    private static byte[] key(byte[] shared, byte[] context, SiteId dealer, SiteId holder) {
        byte[] info = LengthPrefixed.of(LABEL, LengthPrefixed.text(dealer), LengthPrefixed.text(holder), context);
        return Hkdf.sha256(shared, new byte[0], info, Disclosure.KEY_BYTES);
    }

    private static byte[] sealed(byte[] key, ShamirShare share) {
        byte[] plain = share.y();
        try {
            return cipher(Cipher.ENCRYPT_MODE, key).doFinal(plain);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refused to seal", e);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private static Optional<ShamirShare> share(int place, byte[] key, byte[] box) {
        try {
            byte[] plain = cipher(Cipher.DECRYPT_MODE, key).doFinal(box);
            ShamirShare share = new ShamirShare(place, plain);
            Arrays.fill(plain, (byte) 0);
            return Optional.of(share);
        } catch (AEADBadTagException otherStory) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refused to open", e);
        }
    }

    private static Cipher cipher(int mode, byte[] key) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, NONCE));
        return cipher;
    }
}
