package dev.attache.server.admin;

import static dev.attache.server.admin.http.AdminEndpoint.get;
import static dev.attache.server.admin.http.AdminEndpoint.post;

import dev.attache.server.admin.dump.ExtensionsDump;
import dev.attache.server.admin.http.AdminEndpoint;
import dev.attache.server.admin.http.AdminResponse;
import dev.attache.server.extension.ExtensionReload;
import java.nio.file.Path;
import java.util.List;

/** Users' jars: what is loaded, and the order to look for new versions now. */
final class ExtensionEndpoints {
    private final AdminSubject server;

    ExtensionEndpoints(AdminSubject server) {
        this.server = server;
    }

    List<AdminEndpoint> all() {
        return List.of(
                get("/extensions", "users' jars and what uses them", request -> list()),
                post(
                        "/extensions/reload",
                        "take new versions of users' jars now",
                        request -> reload()));
    }

    private AdminResponse list() {
        ExtensionReload extensions = server.extensions();
        return AdminResponse.json(ExtensionsDump.of(extensions.status(), extensions::usersOf));
    }

    /** What comes of it is in the log and at {@code /extensions}: loading may take a while. */
    private AdminResponse reload() {
        List<Path> changed = server.extensions().reload();
        StringBuilder text = new StringBuilder();
        changed.forEach(path -> text.append("loading ").append(path).append('\n'));
        return AdminResponse.text(changed.isEmpty() ? "nothing has changed\n" : text.toString());
    }
}
