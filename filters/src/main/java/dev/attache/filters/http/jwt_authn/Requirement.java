package dev.attache.filters.http.jwt_authn;

import dev.attache.filters.jwt.Audiences;
import dev.attache.proxy.http.HeaderName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code JwtRequirement}: what a request must bring. Immutable. */
sealed interface Requirement {

    /** Nothing is asked. */
    record Nothing() implements Requirement {}

    /** {@code provider_name}, {@code provider_and_audiences}: tokens of one provider. */
    record OfProvider(Provider provider, Audiences audiences, TokenPlaces places)
            implements Requirement {}

    /**
     * Tokens of whichever provider issued them.
     *
     * @param leniency what may be the matter with them
     */
    record OfAny(Leniency leniency, TokenPlaces places) implements Requirement {}

    /** {@code requires_any}, with what of {@code allow_missing…} stands among its members. */
    record Any(List<Requirement> members, boolean allowMissing, boolean allowFailed)
            implements Requirement {}

    /** {@code requires_all}. */
    record All(List<Requirement> members) implements Requirement {}

    /**
     * What tokens of {@link OfAny} need not be.
     *
     * @param failed also those that are wrong are let through: {@code allow_missing_or_failed}
     * @param status of {@code extract_only_without_validation}: the header that says {@code false}
     *     where the last token is wrong; null = none
     */
    record Leniency(boolean failed, @Nullable HeaderName status) {}
}
