package dev.attache.filters.http.api_key_auth;

import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Octets;
import io.envoyproxy.envoy.extensions.filters.http.api_key_auth.v3.Credential;
import io.envoyproxy.envoy.extensions.filters.http.api_key_auth.v3.Forwarding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the filter's message and that of routes have in common. Stateless. */
final class ApiKeySettingsFactory {
    private ApiKeySettingsFactory() {}

    /**
     * @param forwarding null = not said
     */
    static ApiKeySettings settings(
            List<Credential> credentials,
            List<io.envoyproxy.envoy.extensions.filters.http.api_key_auth.v3.KeySource> sources,
            @Nullable Forwarding forwarding,
            CompileContext context) {
        return new ApiKeySettings(
                credentials.isEmpty() ? null : clients(credentials, context),
                sources.isEmpty() ? null : sources(sources, context),
                forwarding == null ? null : forwarding(forwarding));
    }

    private static Map<String, String> clients(
            List<Credential> credentials, CompileContext context) {
        Map<String, String> clients = new HashMap<>();
        for (int i = 0; i < credentials.size(); i++) {
            Credential credential = credentials.get(i);
            String key = Octets.of(credential.getKey());
            if (clients.putIfAbsent(key, Octets.of(credential.getClient())) != null) {
                context.at("credentials", i)
                        .error(
                                "Duplicated credential key: '" + credential.getKey() + "'",
                                "a key says who its client is: give each client its own");
            }
        }
        return clients;
    }

    private static List<KeySource> sources(
            List<io.envoyproxy.envoy.extensions.filters.http.api_key_auth.v3.KeySource> sources,
            CompileContext context) {
        List<KeySource> compiled = new ArrayList<>(sources.size());
        for (int i = 0; i < sources.size(); i++) {
            var source = sources.get(i);
            if (!source.getHeader().isEmpty()) {
                compiled.add(new KeySource.Header(HeaderName.of(source.getHeader())));
            } else if (!source.getQuery().isEmpty()) {
                compiled.add(new KeySource.Query(Octets.of(source.getQuery())));
            } else if (!source.getCookie().isEmpty()) {
                compiled.add(new KeySource.Cookie(Octets.of(source.getCookie())));
            } else {
                context.at("key_sources", i).error("One of 'header'/'query'/'cookie' must be set.");
            }
        }
        return compiled;
    }

    private static ApiKeySettings.Forwarding forwarding(Forwarding forwarding) {
        return new ApiKeySettings.Forwarding(
                forwarding.getHeader().isEmpty() ? null : HeaderName.of(forwarding.getHeader()),
                forwarding.getHideCredentials());
    }
}
