package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.secagg.IdentityKeyPair;
import dev.sotto.secagg.SiteId;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrustTest {
    private final String key =
            IdentityKeyPair.generate(new SecureRandom()).publicKey().toBase64();

    @Test
    void site_onTheList_hasItsKeyAndNobodyElseHas() {
        Trust trust = new Trust(Map.of("bank-a", key), Map.of("coordination", key));
        assertThat(trust.site(new SiteId("bank-a"))).isPresent();
        assertThat(trust.site(new SiteId("bank-b"))).isEmpty();
        assertThat(trust.server("aggregation")).isEmpty();
        assertThat(trust.server("bank-a")).isEmpty();
        assertThat(trust.allowed()).containsExactly(new SiteId("bank-a"));
    }

    @Test
    void trust_keyThatIsNone_isRefusedByItsName() {
        assertThatThrownBy(() -> new Trust(Map.of("bank-a", "nonsense"), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("sites.bank-a");
    }

    @Test
    void trust_siteNamedLikeAServer_isRefused() {
        assertThatThrownBy(() -> new Trust(Map.of("aggregation", key), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("sites.aggregation");
    }
}
