package dev.attache.filters.istio;

import dev.attache.filters.BuiltinExtension;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;

/** Istio's HTTP filters as istiod sends them, for their tests. */
public final class IstioFilter {
    private IstioFilter() {}

    /**
     * In the struct of a name and its fields.
     *
     * @param type full name of the message
     * @param fields in YAML, in braces
     */
    public static FilterSetup inStruct(String name, String type, String fields) {
        return entry(
                name,
                "{\"@type\": type.googleapis.com/udpa.type.v1.TypedStruct,"
                        + " type_url: type.googleapis.com/%s, value: %s}".formatted(type, fields));
    }

    /** The message itself. */
    public static FilterSetup typed(String name, String type, String fields) {
        String more = fields.equals("{}") ? "}" : ", " + fields.substring(1);
        return entry(name, "{\"@type\": type.googleapis.com/" + type + more);
    }

    private static FilterSetup entry(String name, String config) {
        return FilterHarness.yaml(
                "{name: %s, typed_config: %s}".formatted(name, config), BuiltinExtension.all());
    }
}
