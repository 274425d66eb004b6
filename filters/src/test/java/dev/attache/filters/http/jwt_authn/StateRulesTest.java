package dev.attache.filters.http.jwt_authn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.metadata.FilterState;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A requirement that another filter names. */
class StateRulesTest {

    private static final Requirement NOTHING = new Requirement.Nothing();

    private final FilterState state = new FilterState(null);

    @Test
    void theTextOfAnObjectNamesTheRequirement() {
        var rules = new JwtAuthnSpec.StateRules("selector", Map.of("a", NOTHING));
        assertThat(rules.requirement(state)).isNull();
        state.set("selector", new FilterState.Text("a"));
        assertThat(rules.requirement(state)).isSameAs(NOTHING);
        state.set("selector", new FilterState.Text("b"));
        assertThat(rules.requirement(state)).isNull();
    }

    @Test
    void onlyTextNamesOne() {
        var rules = new JwtAuthnSpec.StateRules("selector", Map.of("a", NOTHING));
        state.set("selector", () -> "a");
        assertThat(rules.requirement(state)).isNull();
    }

    @Test
    void nothingIsAskedForWhereNothingIsNamed() {
        state.set("", new FilterState.Text("a"));
        assertThat(new JwtAuthnSpec.StateRules("", Map.of("a", NOTHING)).requirement(state))
                .isNull();
    }
}
