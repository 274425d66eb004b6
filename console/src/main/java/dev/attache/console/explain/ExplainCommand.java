package dev.attache.console.explain;

import dev.attache.console.admin.AdminClient;
import dev.attache.console.admin.AdminFlags;
import dev.attache.console.admin.RefusedException;
import dev.attache.console.command.Command;
import dev.attache.console.command.ExitCode;
import dev.attache.console.command.FlagSpec;
import dev.attache.console.command.Flags;
import dev.attache.console.command.Invocation;
import dev.attache.console.command.UsageException;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.stream.format.json.ExplanationJson;
import dev.attache.server.explain.ExplanationText;
import dev.attache.server.explain.Outcome;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The command: reads the question, has it answered, prints the answer. */
public final class ExplainCommand {

    private static final String HELP =
            """
            Asks a running proxy over its admin port, or with -c a file, which is compiled as the
            proxy would do it, without opening a port. Nothing is sent to anybody.
            The URL may be a path alone; its host and scheme are then those of --header host: and
            of --tls. Without --listener the listener at --destination is asked, or at the URL's
            address and port where that is an IP address, or the only one there is.

              attache explain https://shop.example/cart/7 --listener https -H 'x-env: beta'
              attache explain --request-id 3f0c2a9e-... --admin 127.0.0.1:15000
              attache explain -c envoy.yaml -X POST http://shop.example/cart/7
              attache explain --destination 10.0.0.7:80 --peer spiffe://td/ns/a/sa/b http://cart/

            Exits with 1 where no route is found, or a filter turns the request away.
            """;

    private ExplainCommand() {}

    /** The command as the console knows it. */
    public static Command command() {
        return new Command(
                "explain",
                "[URL]",
                "why a request goes where it goes",
                HELP,
                AdminFlags.with(
                        FlagSpec.text("config-path", "FILE", "explains this file, asks no proxy")
                                .letter('c'),
                        FlagSpec.text("method", "METHOD", "GET, where there is a URL").letter('X'),
                        FlagSpec.text("header", "'NAME: VALUE'", "again and again").letter('H'),
                        FlagSpec.text("listener", "NAME", "which takes the connection"),
                        FlagSpec.text("destination", "IP:PORT", "where the client connects to"),
                        FlagSpec.text("source", "IP[:PORT]", "the client, 127.0.0.1"),
                        FlagSpec.onOff("tls", "the client speaks TLS; so it does for https:"),
                        FlagSpec.text("sni", "NAME", "its server name, the URL's host"),
                        FlagSpec.text("alpn", "NAMES", "its application protocols, by commas"),
                        FlagSpec.text("client-cert", "FILE", "its certificate and chain, PEM"),
                        FlagSpec.text("peer", "NAME", "a name of it: URI, DNS, subject; again"),
                        FlagSpec.onOff("http2", "the client speaks HTTP/2"),
                        FlagSpec.text("random", "NUMBER", "what the request draws"),
                        FlagSpec.text("request-id", "ID", "a request that the proxy served lately"),
                        FlagSpec.text("output", "FORM", "text or json, which is that of /explain")
                                .letter('o')),
                ExplainCommand::run);
    }

    private static int run(Flags flags, Invocation invocation) throws UsageException, IOException {
        String output = flags.choice("output", "text", "json");
        Map<String, String> question = question(flags);
        String file = flags.get("config-path");
        Explanation said =
                file == null
                        ? ask(AdminFlags.client(flags, invocation), question)
                        : ExplainedFile.ask(file, question);
        invocation
                .out()
                .print(
                        output.equals("json")
                                ? ExplanationJson.pretty(said)
                                : ExplanationText.of(said));
        return Outcome.word(said).equals(Outcome.ROUTED) ? ExitCode.DONE : ExitCode.NOT_WELL;
    }

    private static Map<String, String> question(Flags flags) throws UsageException {
        Map<String, String> question = new LinkedHashMap<>();
        if (flags.words().size() > 1) {
            throw new UsageException(
                    "one URL at a time; \"" + flags.words().get(1) + "\" is another");
        }
        if (!flags.words().isEmpty()) {
            question.put("url", flags.words().getFirst());
        }
        for (String name :
                new String[] {
                    "method", "listener", "destination", "source", "sni", "alpn", "random"
                }) {
            String value = flags.get(name);
            if (value != null) {
                question.put(name, value);
            }
        }
        if (flags.has("tls")) {
            question.put("tls", "true");
        }
        if (flags.has("http2")) {
            question.put("http2", "true");
        }
        if (flags.has("peer")) {
            question.put("peer", String.join("\n", flags.all("peer")));
        }
        String certificate = flags.get("client-cert");
        if (certificate != null) {
            question.put("client_cert", text(certificate));
        }
        if (flags.has("header")) {
            question.put("headers", String.join("\n", flags.all("header")));
        }
        String id = flags.get("request-id");
        if (id != null) {
            question.put("request_id", id);
        }
        if (question.isEmpty()) {
            throw new UsageException("what is to be explained? A URL, or --request-id");
        }
        return question;
    }

    private static String text(String file) throws UsageException {
        try {
            return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UsageException("--client-cert " + file + " cannot be read: " + e, e);
        }
    }

    private static Explanation ask(AdminClient client, Map<String, String> question)
            throws UsageException, IOException {
        String query =
                question.entrySet().stream()
                        .map(each -> each.getKey() + "=" + encoded(each.getValue()))
                        .collect(Collectors.joining("&"));
        try {
            return ReadExplanation.of(client.json("/explain?" + query));
        } catch (RefusedException e) {
            if (e.status() == 400) {
                throw new UsageException(String.valueOf(e.getMessage()), e);
            }
            throw e;
        }
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
