package dev.attache.server.flags;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.server.log.LogLevel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected texts and codes are those of Envoy 1.40's binary. */
class CommandLineTest {

    private static CommandLine.Result parse(String... arguments) {
        return CommandLine.parse("attache", "sha/1.40.0/Clean/RELEASE/BoringSSL", arguments);
    }

    private static ServerOptions options(String... arguments) {
        return ((CommandLine.Result.Run) parse(arguments)).options();
    }

    private static CommandLine.Result.Exit exit(String... arguments) {
        return (CommandLine.Result.Exit) parse(arguments);
    }

    @Test
    void whoMayUseTheAdminPortIsSaidByFlagsOrVariables() {
        assertThat(options().admin()).isEqualTo(AdminOptions.OPEN);
        assertThat(
                        options(
                                        "--admin-token-file",
                                        "/t",
                                        "--admin-read-only",
                                        "--metrics-address",
                                        "[::1]:9000")
                                .admin())
                .isEqualTo(new AdminOptions("/t", "", "", "", false, true, "[::1]:9000"));
        Map<String, String> variables =
                Map.of(
                        "ATTACHE_ADMIN_TLS_CERT", "/c",
                        "ATTACHE_ADMIN_TLS_KEY", "/k",
                        "ATTACHE_ADMIN_CLIENT_CA", "/a",
                        "ATTACHE_ADMIN_OPEN_READY", "true",
                        "ATTACHE_ADMIN_READ_ONLY", "false");
        CommandLine.Result read = CommandLine.parse("attache", "1", variables);
        assertThat(((CommandLine.Result.Run) read).options().admin())
                .isEqualTo(new AdminOptions("", "/c", "/k", "/a", true, false, ""));
    }

    @Test
    void whatTheAdminPortCannotBeIsRefused() {
        assertThat(exit("--admin-tls-cert", "/c").standardError())
                .isEqualTo("error: --admin-tls-cert and --admin-tls-key go together\n");
        assertThat(exit("--admin-client-ca", "/c").standardError())
                .isEqualTo("error: --admin-client-ca needs --admin-tls-cert and --admin-tls-key\n");
        assertThat(exit("--metrics-address", "localhost:1").standardError())
                .isEqualTo("error: --metrics-address 'localhost:1' is no IP:PORT\n");
        CommandLine.Result read =
                CommandLine.parse("attache", "1", Map.of("ATTACHE_ADMIN_READ_ONLY", "yes"));
        assertThat(((CommandLine.Result.Exit) read).standardError())
                .isEqualTo("error: ATTACHE_ADMIN_READ_ONLY is true or false, not 'yes'\n");
    }

    @Test
    void defaultsAreEnvoys() {
        ServerOptions options = options();
        assertThat(options.drainTime()).isEqualTo(Duration.ofSeconds(600));
        assertThat(options.parentShutdownTime()).isEqualTo(Duration.ofSeconds(900));
        assertThat(options.drainImmediately()).isFalse();
        assertThat(options.logLevel()).isEqualTo(LogLevel.INFO);
        assertThat(options.fileFlushInterval()).isEqualTo(Duration.ofMillis(10_000));
        assertThat(options.fileFlushMinSizeKb()).isEqualTo(64);
        assertThat(options.mode()).isEqualTo(ServerOptions.Mode.SERVE);
        assertThat(options.concurrency()).isPositive();
        assertThat(options.restart().socketPath()).isEqualTo("@envoy_domain_socket");
        assertThat(options.restart().socketMode()).isEqualTo(0600);
        assertThat(options.notes()).isEmpty();
    }

    @Test
    void thePageForPeopleIsReadOnlyAndKnownByAddressUnlessFlagsSayOtherwise() {
        assertThat(options().web()).isEqualTo(ServerOptions.WebOptions.DEFAULTS);
        assertThat(options().web().writes()).isFalse();
        assertThat(options("--admin-ui-writes", "--admin-ui-hosts", "a.example,b.example").web())
                .isEqualTo(new ServerOptions.WebOptions(true, List.of("a.example", "b.example")));
    }

    @Test
    void takesWhatPilotAgentPasses() {
        ServerOptions options =
                options(
                        ("-c etc/istio/proxy/envoy-rev.json --drain-time-s 45 --drain-strategy"
                                        + " immediate --local-address-ip-version v4"
                                        + " --file-flush-interval-msec 1000 --disable-hot-restart"
                                        + " --allow-unknown-static-fields -l warning"
                                        + " --component-log-level misc:error --skip-deprecated-logs"
                                        + " --concurrency 2")
                                .split(" "));
        assertThat(options.configPath()).isEqualTo("etc/istio/proxy/envoy-rev.json");
        assertThat(options.drainTime()).isEqualTo(Duration.ofSeconds(45));
        assertThat(options.drainImmediately()).isTrue();
        assertThat(options.logLevel()).isEqualTo(LogLevel.WARNING);
        assertThat(options.componentLogLevels()).isEqualTo(Map.of("misc", LogLevel.ERROR));
        assertThat(options.concurrency()).isEqualTo(2);
        assertThat(options.allowUnknownStaticFields()).isTrue();
        assertThat(options.restart().disableHotRestart()).isTrue();
        assertThat(options.notes()).isEmpty();
    }

    @Test
    void anUnknownFlagIsAParseError() {
        CommandLine.Result.Exit exit = exit("--bogus");
        assertThat(exit.code()).isEqualTo(1);
        assertThat(exit.standardError())
                .startsWith(
                        "PARSE ERROR: Argument: --bogus\n"
                                + "             Couldn't find match for argument\n\n"
                                + "Brief USAGE: \n   attache  [--stats-tag <string>] ... ")
                .endsWith(
                        "For complete USAGE and HELP type: \n   attache --help\n\n"
                                + "--bogus -- Couldn't find match for argument\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-c | -c (--config-path) -- Missing a value for this argument!",
                "--concurrency abc | (--concurrency) -- Couldn't read argument value from string 'abc'",
                "--concurrency 4294967296 | (--concurrency) -- Couldn't read argument value from"
                        + " string '4294967296'",
                "-c a -c b | -c (--config-path) -- Argument already set!",
                "--mode=validate | --mode=validate -- Couldn't find match for argument",
                "-ldebug | -ldebug -- Couldn't find match for argument",
                "extra | extra -- Couldn't find match for argument",
                "--mode foo | error: unknown mode 'foo'",
                "-l foo | error: invalid log level specified 'foo'",
                "-l DEBUG | error: invalid log level specified 'DEBUG'",
                "--component-log-level foo | error: component log level not correctly specified 'foo'",
                "--component-log-level foo:debug | error: invalid component specified 'foo'",
                "--component-log-level upstream:foo | error: invalid log level specified 'foo'",
                "--component-log-level upstream:debug,, | error: component log level not correctly"
                        + " specified ''",
                "--local-address-ip-version v5 | error: unknown IP address version 'v5'",
                "--stats-tag a | error: misformatted stats-tag 'a'",
                "--stats-tag a:b.c | error: misformatted stats-tag 'a:b.c' contains invalid char in"
                        + " 'b.c'",
                "--stats-tag a_:b | error: misformatted stats-tag 'a_:b' contains invalid char in 'a_'",
                "--drain-strategy foo | error: unknown drain-strategy 'foo'",
                "--use-dynamic-base-id --restart-epoch 1 | error: cannot use --restart-epoch=1 with"
                        + " --use-dynamic-base-id",
                "--enable-fine-grain-logging --component-log-level misc:debug | error:"
                        + " --component-log-level will not work with --enable-fine-grain-logging",
            })
    void errors(String arguments, String lastLine) {
        CommandLine.Result.Exit exit = exit(arguments.split(" "));
        assertThat(exit.code()).isEqualTo(1);
        assertThat(exit.standardOutput()).isEmpty();
        assertThat(exit.standardError()).endsWith(lastLine + "\n");
    }

    @Test
    void versionAndHelpWinOverWhatFollows() {
        assertThat(exit("--version", "extra"))
                .isEqualTo(
                        new CommandLine.Result.Exit(
                                0,
                                "\nattache  version: sha/1.40.0/Clean/RELEASE/BoringSSL\n\n",
                                ""));
        assertThat(exit("-h").standardOutput()).startsWith("\nUSAGE: \n\n   attache  [--stats-tag");
        assertThat(exit("--hot-restart-version").standardOutput()).isEqualTo("attache.1\n");
    }

    @Test
    void whatFollowsTwoDashesIsIgnored() {
        assertThat(options("-c", "a", "--", "extra").configPath()).isEqualTo("a");
    }

    @Test
    void statsTagsKeepTheirOrder() {
        assertThat(options("--stats-tag", "a:b", "--stats-tag", "c:d:e").statsTags())
                .isEqualTo(
                        List.of(
                                new ServerOptions.StatsTag("a", "b"),
                                new ServerOptions.StatsTag("c", "d:e")));
    }

    @Test
    void noLineOfTheUsageIsWiderThanTclaps() {
        assertThat(exit("--help").standardOutput().lines()).allMatch(line -> line.length() <= 76);
    }
}
