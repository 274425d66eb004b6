package dev.attache.config.validate;

import java.util.function.Predicate;

/**
 * What is done about deprecated fields and enum values in use. A deprecated one is warned about and
 * accepted; one that Envoy disallows by default is rejected unless the runtime key {@code
 * envoy.deprecated_features:<full name>} allows it.
 *
 * @param allowed whether runtime allows a feature that is disallowed by default, by full field name
 * @param mentioned whether the use of a deprecated feature is worth a warning, by full name; asked
 *     once for each use
 */
public record DeprecatedFeatures(Predicate<String> allowed, Predicate<String> mentioned) {
    /** Each use is mentioned, and nothing allowed. */
    public static final DeprecatedFeatures STRICT =
            new DeprecatedFeatures(name -> false, name -> true);

    /** The same with other features allowed. */
    public DeprecatedFeatures allowing(Predicate<String> features) {
        return new DeprecatedFeatures(features, mentioned);
    }
}
