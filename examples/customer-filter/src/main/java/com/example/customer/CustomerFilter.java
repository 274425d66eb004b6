package com.example.customer;

import com.example.customer.CustomerFilterFactory.RouteRules;
import dev.attache.filter.BlockingFilter;
import dev.attache.filter.CallException;
import dev.attache.filter.CallRequest;
import dev.attache.filter.CallResponse;
import dev.attache.filter.Chain;
import dev.attache.filter.Counter;
import dev.attache.filter.FilterScope;
import dev.attache.filter.Histogram;
import dev.attache.filter.Request;
import dev.attache.filter.Response;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One for each worker; each request is handled on a virtual thread of its own. */
final class CustomerFilter implements BlockingFilter {
    private static final String PLACEHOLDER = "{{customer}}";

    private final CallRequest lookup;
    private final RouteRules rules;
    private final Counter known;
    private final Counter unknown;
    private final Counter failed;
    private final Histogram took;

    CustomerFilter(CallRequest lookup, RouteRules rules, FilterScope scope) {
        this.lookup = lookup;
        this.rules = rules;
        this.known = scope.counter("customer.lookups", "outcome", "known");
        this.unknown = scope.counter("customer.lookups", "outcome", "unknown");
        this.failed = scope.counter("customer.lookups", "outcome", "failed");
        this.took = scope.timings("customer.lookup_ms");
    }

    @Override
    public Response handle(Request request, Chain chain) throws Exception {
        RouteRules ofRoute = chain.stream().override(RouteRules.class);
        boolean required = (ofRoute == null ? rules : ofRoute).required();
        String key = request.headers().get("x-api-key");
        request.headers().remove("x-customer");
        if (key == null) {
            return required ? answer(chain, 401, "who are you?\n") : chain.proceed(request);
        }
        CallResponse found;
        try {
            long began = System.nanoTime();
            found = chain.call(lookup.header("x-api-key", key));
            took.record((System.nanoTime() - began) / 1_000_000);
        } catch (CallException e) {
            failed.increment();
            chain.stream().log().log(System.Logger.Level.WARNING, "no lookup: " + e.getMessage());
            return answer(chain, 503, "try again later\n");
        }
        if (found.status() != 200) {
            unknown.increment();
            return answer(chain, 403, "nobody has this key\n");
        }
        known.increment();
        String customer = new String(found.body(), StandardCharsets.UTF_8).strip();
        request.headers().set("x-customer", customer);
        chain.stream().putMetadata("com.example.customer", Map.of("name", customer));
        return greeted(chain.proceed(request), customer);
    }

    /** Pages are read as a whole; everything else passes by as it comes. */
    private static Response greeted(Response response, String customer)
            throws InterruptedException {
        String type = response.headers().get("content-type");
        if (type != null && type.startsWith("text/html")) {
            String page = new String(response.body(), StandardCharsets.UTF_8);
            response.body(page.replace(PLACEHOLDER, customer).getBytes(StandardCharsets.UTF_8));
        }
        return response;
    }

    private static Response answer(Chain chain, int status, String text) {
        Response response = chain.answer(status, text.getBytes(StandardCharsets.UTF_8));
        response.headers().set("content-type", "text/plain");
        return response;
    }
}
