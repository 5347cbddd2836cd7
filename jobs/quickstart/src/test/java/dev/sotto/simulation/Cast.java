package dev.sotto.simulation;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import dev.sotto.secagg.SiteId;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Everybody with a key, and the trust file that names them: the same in every schedule with so many sites. Immutable. */
final class Cast {
    private static final Map<Integer, Cast> CASTS = new ConcurrentHashMap<>();

    private final SortedMap<SiteId, IdentityKeyPair> sites;
    private final Map<String, IdentityKeyPair> servers;
    private final Trust trust;

    private Cast(int count) {
        SeededRandom random = new SeededRandom(count);
        SortedMap<SiteId, IdentityKeyPair> identities = new TreeMap<>();
        Map<String, String> siteKeys = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            SiteId id = new SiteId("site-%03d".formatted(i));
            IdentityKeyPair pair = IdentityKeyPair.generate(random);
            identities.put(id, pair);
            siteKeys.put(id.value(), pair.publicKey().toBase64());
        }
        Map<String, IdentityKeyPair> others = new TreeMap<>();
        Map<String, String> serverKeys = new TreeMap<>();
        for (String name : new String[] {Trust.COORDINATION, Trust.AGGREGATION, Trust.OPERATOR}) {
            IdentityKeyPair pair = IdentityKeyPair.generate(random);
            others.put(name, pair);
            serverKeys.put(name, pair.publicKey().toBase64());
        }
        this.sites = Collections.unmodifiableSortedMap(identities);
        this.servers = others;
        this.trust = new Trust(siteKeys, serverKeys);
    }

    static Cast of(int sites) {
        return CASTS.computeIfAbsent(sites, Cast::new);
    }

    SortedMap<SiteId, IdentityKeyPair> sites() {
        return sites;
    }

    IdentityKeyPair server(String name) {
        return servers.get(name);
    }

    EnvelopeSigner signer(String server) {
        return new EnvelopeSigner(server, servers.get(server));
    }

    EnvelopeSigner signer(SiteId site) {
        return new EnvelopeSigner(site.value(), sites.get(site));
    }

    Trust trust() {
        return trust;
    }
}
