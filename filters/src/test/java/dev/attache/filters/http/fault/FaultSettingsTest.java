package dev.attache.filters.http.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.runtime.Fraction;
import dev.attache.config.runtime.RuntimeValues;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FaultSettingsTest {
    private static final HeaderName PERCENTAGE = HeaderName.of("x-percentage");
    private static final HeaderName STATUS = HeaderName.of("x-status");
    private final Headers request = new Headers();

    @Test
    void theRequestMayLowerTheShareOnly() {
        Share share = new Share(new Fraction(40, 100), PERCENTAGE, keys(Map.of()));
        assertThat(share.hits(request, null, 39)).isTrue();
        assertThat(share.hits(request, null, 40)).isFalse();
        request.set(PERCENTAGE, "10");
        assertThat(share.hits(request, null, 10)).isFalse();
        request.set(PERCENTAGE, "90");
        assertThat(share.hits(request, null, 40)).isFalse();
        request.set(PERCENTAGE, "many");
        assertThat(share.hits(request, null, 39)).isTrue();
    }

    @Test
    void runtimeReplacesByKeyAndByDownstreamCluster() {
        RuntimeKeys keys = keys(Map.of("key", 100, "fault.http.web.suffix", 0));
        Share share = new Share(Fraction.NEVER, null, keys);
        assertThat(share.hits(request, null, 99)).isTrue();
        assertThat(share.hits(request, "web", 0)).isFalse();
        assertThat(share.hits(request, "other", 0)).isFalse();
    }

    @Test
    void aStatusThatIsNoneAbortsNothing() {
        RuntimeKeys none = keys(Map.of());
        FaultSettings.Abort abort =
                new FaultSettings.Abort(
                        new Share(Fraction.ALWAYS, null, none), new Amount(-1, STATUS, none), null);
        assertThat(abort.http(request, null)).isEqualTo(-1);
        request.set(STATUS, "99");
        assertThat(abort.http(request, null)).isEqualTo(-1);
        request.set(STATUS, "600");
        assertThat(abort.http(request, null)).isEqualTo(-1);
        request.set(STATUS, "503");
        assertThat(abort.http(request, null)).isEqualTo(503);
    }

    private static RuntimeKeys keys(Map<String, Object> values) {
        return new RuntimeKeys(new RuntimeValues(values), "key", "suffix");
    }
}
