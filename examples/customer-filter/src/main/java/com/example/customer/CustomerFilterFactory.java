package com.example.customer;

import dev.attache.filter.CallRequest;
import dev.attache.filter.Filter;
import dev.attache.filter.FilterPlan;
import dev.attache.filter.OverridableFilterFactory;
import dev.attache.filter.Settings;
import java.time.Duration;

/**
 * A whole blocking filter: asks a service whose key a request brings, refuses those of nobody,
 * tells the upstream who it is, and puts the customer's name into pages.
 */
public final class CustomerFilterFactory implements OverridableFilterFactory {

    @Override
    public String name() {
        return "com.example.customer";
    }

    @Override
    public FilterPlan configure(Settings settings) {
        settings.only("cluster", "path", "timeout", "required");
        CallRequest lookup =
                CallRequest.http(
                                settings.requiredText("cluster"),
                                "GET",
                                settings.text("path", "/customers"))
                        .timeout(settings.duration("timeout", Duration.ofSeconds(1)));
        RouteRules rules = new RouteRules(settings.flag("required", true));
        return scope -> Filter.blocking(new CustomerFilter(lookup, rules, scope));
    }

    /** A route says whether it wants to know who asks. */
    @Override
    public Object override(Settings settings) {
        settings.only("required");
        return new RouteRules(settings.flag("required", true));
    }

    /**
     * What a route may say.
     *
     * @param required requests without a key are refused
     */
    record RouteRules(boolean required) {}
}
