package dev.attache.iptables.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.iptables.FakeHost;
import dev.attache.iptables.capture.BadInput;
import dev.attache.iptables.capture.CaptureConfig;
import dev.attache.iptables.capture.ConfigReader;
import dev.attache.iptables.capture.FlagParser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an old or restricted kernel says, and what we make of it. */
class ComplaintTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4 | iptables v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission"
                        + " denied (you must be root) | run as root",
                "2 | iptables-restore v1.8.9: unknown option \"TPROXY\" | use -m REDIRECT",
                "1 | Warning: Extension CT\" is not supported, missing kernel module? | leave out"
                        + " --redirect-dns",
                "3 | can't initialize iptables table `nat': Table does not exist | lacks a module",
                "4 | Another app is currently holding the xtables lock | holds the iptables lock",
                "2 | owner: Bad value for \"--uid-owner\" option | users and groups",
                "2 | something quite new | check the flags",
            })
    void namesAReasonAndARemedy(int exit, String said, String remedy) throws BadInput {
        CaptureConfig config =
                new ConfigReader(
                                FlagParser.parse(
                                        List.of(
                                                "-m",
                                                "TPROXY",
                                                "--redirect-dns",
                                                "--capture-all-dns"),
                                        Map.of()),
                                FakeHost.v4())
                        .read();
        ApplyException complaint =
                Complaint.of("iptables-restore", new Programs.Answer(exit, "", said), config);
        assertThat(complaint)
                .hasMessageContaining("iptables-restore failed")
                .hasMessageContaining(said.strip())
                .hasMessageContaining(remedy)
                .hasMessageContaining("nothing was changed");
    }
}
