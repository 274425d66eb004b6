package dev.attache.server.admin;

import static dev.attache.server.admin.http.AdminEndpoint.get;
import static dev.attache.server.admin.http.AdminEndpoint.text;

import dev.attache.proxy.matching.Regex;
import dev.attache.server.admin.dump.XdsDump;
import dev.attache.server.admin.http.AdminAnswer;
import dev.attache.server.admin.http.AdminEndpoint;
import dev.attache.server.admin.http.AdminRequest;
import dev.attache.server.admin.http.AdminResponse;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@code /xds}: control planes, what came of them and what it changed. */
final class XdsEndpoint {

    private static final Set<String> TYPES = Set.of("cds", "eds", "lds", "rds", "sds", "ecds");

    private final AdminSubject server;

    XdsEndpoint(AdminSubject server) {
        this.server = server;
    }

    AdminEndpoint endpoint() {
        return get(
                "/xds",
                "control planes, resources by state, and what the last updates changed",
                this::answer,
                text("type", "cds, eds, lds, rds, sds or ecds; all without it"),
                text("name_regex", "Regular expression (Google re2) for names of resources"));
    }

    private AdminAnswer answer(AdminRequest request) {
        String type = given(request, "type");
        if (type != null && !TYPES.contains(type)) {
            return AdminResponse.text(
                    400, "type: '" + type + "' is none of cds, eds, lds, rds, sds, ecds\n");
        }
        Predicate<String> names = name -> true;
        String pattern = given(request, "name_regex");
        if (pattern != null) {
            try {
                names = Regex.compile(pattern)::find;
            } catch (IllegalArgumentException e) {
                return AdminResponse.text(
                        400, "name_regex: '" + pattern + "': " + e.getMessage() + "\n");
            }
        }
        XdsDump dump = XdsDump.of(server.plane(), server.mainLoop().now());
        Predicate<String> shown = names;
        return new AdminAnswer.Later(() -> AdminResponse.json(dump.print(type, shown)));
    }

    private static @Nullable String given(AdminRequest request, String parameter) {
        String value = request.get(parameter);
        return value == null || value.isEmpty() ? null : value;
    }
}
