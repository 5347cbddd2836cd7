package dev.sotto.site;

import dev.sotto.federation.NoiseComponents;
import dev.sotto.federation.NoiseLink;
import dev.sotto.secagg.BlockSecrets;
import dev.sotto.secagg.Disclosing;
import dev.sotto.secagg.Disclosure;
import dev.sotto.secagg.SurvivorSet;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a survivor gives away of its noise: as much of it as the sites that dropped out leave too many. It opens for those survivors alone
 * that this site answers for ({@link Disclosing}), and as a site answers for one list of them, one link is given away. Stateless.
 */
final class NoiseToTakeOff {
    private final SiteContext site;

    NoiseToTakeOff(SiteContext site) {
        this.site = site;
    }

    /**
     * This site's part in taking noise off; null if none is. A site that has lost what its noise comes from helps the others: its own
     * stays in the sum, which then has more than is charged for.
     *
     * @param survivors those that this site answers for
     */
    @Nullable
    Disclosure give(int block, BlockSecrets secrets, SurvivorSet survivors) {
        if (!site.task().privacy().removal()
                || !secrets.terms().graph().isComplete()
                || !survivors.survivors().contains(site.self())) {
            return null;
        }
        NoiseComponents components =
                site.task().noiseComponents(survivors.announced().size());
        int dropouts = survivors.dropouts().size();
        if (dropouts >= components.tolerated()) {
            return null;
        }
        Optional<NoiseLink> kept = site.journal().noise(block, survivors.round());
        if (kept.isEmpty()) {
            return Disclosing.disclose(secrets, survivors, null, site.random());
        }
        try (NoiseLink told = kept.get();
                NoiseLink link = told.at(dropouts + 1)) {
            byte[] secret = link.bytes();
            try {
                return Disclosing.disclose(secrets, survivors, secret, site.random());
            } finally {
                Arrays.fill(secret, (byte) 0);
            }
        }
    }
}
