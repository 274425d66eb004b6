package dev.attache.console.xds;

import com.google.gson.JsonParseException;
import dev.attache.console.admin.AdminClient;
import dev.attache.console.admin.AdminFlags;
import dev.attache.console.admin.AdminReply;
import dev.attache.console.command.Command;
import dev.attache.console.command.ExitCode;
import dev.attache.console.command.FlagSpec;
import dev.attache.console.command.Flags;
import dev.attache.console.command.Invocation;
import dev.attache.console.command.UsageException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** {@code attache xds}: asks {@code /xds} and prints it for people, or as it is. */
public final class XdsCommand {

    private static final String HELP =
            """
            Control planes and their streams; each resource with version, state and age; what the
            last updates added, changed and removed, and what they made drain. The proxy keeps the
            last 32 updates of each type.

            Exits with 1 where a stream is not connected, a resource is warming or was refused.
            """;

    private XdsCommand() {}

    public static Command command() {
        return new Command(
                "xds",
                "",
                "What the proxy has of its control planes, and what the last updates did.",
                HELP,
                AdminFlags.with(
                        FlagSpec.text("type", "TYPE", "cds, eds, lds, rds, sds or ecds only")
                                .letter('t'),
                        FlagSpec.text(
                                        "name",
                                        "REGEX",
                                        "resources whose names have a part that matches (RE2)")
                                .letter('n'),
                        FlagSpec.onOff("all", "the bootstrap's resources, too"),
                        FlagSpec.text("updates", "N", "how many updates, newest first (10)"),
                        FlagSpec.text("output", "FORM", "text or json, which is that of /xds")
                                .letter('o')),
                XdsCommand::run);
    }

    private static int run(Flags flags, Invocation invocation) throws UsageException, IOException {
        boolean json = flags.choice("output", "text", "json").equals("json");
        int updates = flags.number("updates", 10, 0, 1000);
        AdminClient client = AdminFlags.client(flags, invocation);
        String query =
                parameter("type", flags.get("type")) + parameter("name_regex", flags.get("name"));
        AdminReply reply = client.get("/xds" + query.replaceFirst("&", "?"));
        try {
            XdsReport report = XdsReport.read(reply.json().getAsJsonObject());
            invocation
                    .out()
                    .print(json ? reply.body() : XdsText.of(report, flags.has("all"), updates));
            return report.isWell() ? ExitCode.DONE : ExitCode.NOT_WELL;
        } catch (JsonParseException | IllegalStateException | NullPointerException e) {
            throw new IOException(client.address() + " answers /xds with something else", e);
        }
    }

    private static String parameter(String name, @Nullable String value) {
        return value == null
                ? ""
                : "&"
                        + name
                        + "="
                        + URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
