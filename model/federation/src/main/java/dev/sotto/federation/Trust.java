package dev.sotto.federation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.sotto.secagg.IdentityPublicKey;
import dev.sotto.secagg.SiteId;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whom a party believes: the allow-list of sites and the servers' keys, by name, as base64 of raw Ed25519 keys. Every
 * party holds its own file, so that no server can add a site.
 *
 * @param sites site id to key
 * @param servers {@code coordination}, {@code aggregation} and {@code operator} to key
 */
public record Trust(Map<String, String> sites, Map<String, String> servers) {
    /** The name under which coordination signs. */
    public static final String COORDINATION = "coordination";

    /** The name under which aggregation signs. */
    public static final String AGGREGATION = "aggregation";

    /** The name under which whoever starts a task signs its first model. */
    public static final String OPERATOR = "operator";

    private static final Set<String> SERVERS = Set.of(COORDINATION, AGGREGATION, OPERATOR);

    public Trust {
        sites = Map.copyOf(sites);
        servers = Map.copyOf(servers);
        sites.forEach((id, key) -> {
            new SiteId(id);
            Check.require(!SERVERS.contains(id), "sites." + id, "a server's name", "another id");
            parse("sites." + id, key);
        });
        servers.forEach((name, key) -> {
            Check.require(SERVERS.contains(name), "servers." + name, "no server's name", "one of " + SERVERS);
            parse("servers." + name, key);
        });
    }

    /** Reads a trust file. */
    public static Trust read(Path file) {
        return StrictYaml.read(file, Trust.class);
    }

    private static IdentityPublicKey parse(String key, String base64) {
        try {
            return IdentityPublicKey.fromBase64(base64);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(key + " is not the base64 of a 32-byte Ed25519 key", e);
        }
    }

    /** The key of a site, if it is on the allow-list. */
    public Optional<IdentityPublicKey> site(SiteId site) {
        return Optional.ofNullable(sites.get(site.value())).map(IdentityPublicKey::fromBase64);
    }

    /** The key of a server, by its name. */
    public Optional<IdentityPublicKey> server(String name) {
        return Optional.ofNullable(servers.get(name)).map(IdentityPublicKey::fromBase64);
    }

    /** The allowed sites. */
    @JsonIgnore
    public SortedSet<SiteId> allowed() {
        SortedSet<SiteId> allowed = new TreeSet<>();
        new TreeMap<>(sites).keySet().forEach(id -> allowed.add(new SiteId(id)));
        return allowed;
    }
}
