package dev.attache.config.validate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.attache.config.Diagnostics;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeprecatedFieldsTest {
    private final RouteAction deprecated =
            RouteAction.newBuilder().setMaxGrpcTimeout(Duration.getDefaultInstance()).build();

    @Test
    void aFeatureIsMentionedAsOftenAsItIsWorthIt() {
        Set<String> mentioned = new HashSet<>();
        DeprecatedFields once = new DeprecatedFields(name -> false, mentioned::add);

        assertThat(warnings(once)).isEqualTo(1);
        assertThat(warnings(once)).isZero();
        assertThat(warnings(once.allowing(name -> true))).isZero();
        assertThat(mentioned).containsExactly("envoy.config.route.v3.RouteAction.max_grpc_timeout");
    }

    @Test
    void silenceHoldsWhateverIsAllowed() {
        DeprecatedFields silent = new DeprecatedFields(name -> false, name -> false);

        assertThat(warnings(silent)).isZero();
        assertThat(warnings(silent.allowing(name -> true))).isZero();
    }

    private int warnings(DeprecatedFields fields) {
        Diagnostics diagnostics = new Diagnostics("test");
        assertThat(fields.scan(deprecated, "", diagnostics)).isEqualTo(1);
        return diagnostics.warnings().size();
    }
}
