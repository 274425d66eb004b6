package dev.attache.server.admin.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;

/**
 * The distribution's Chromium without a window. It is given by path, as its driver is, so that
 * nothing is fetched, and resolves no name. What it complained of and what it asked for is kept.
 */
final class Browser implements AutoCloseable {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(30);
    private static final Pattern ASKED =
            Pattern.compile("\"method\":\"Network.requestWillBeSent\".*?\"url\":\"([^\"]*)\"");

    private final ChromeDriver driver;

    Browser() {
        ChromeDriverService service =
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .usingAnyFreePort()
                        .build();
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1");
        options.setCapability("goog:loggingPrefs", Map.of("browser", "ALL", "performance", "ALL"));
        driver = new ChromeDriver(service, options);
        size(1280, 900);
    }

    /** What is missing, or null. */
    static @Nullable String obstacle() {
        for (Path wanted : List.of(CHROMIUM, DRIVER)) {
            if (!Files.isExecutable(wanted)) {
                return wanted + " is missing (Debian's packages chromium and chromium-driver)";
            }
        }
        return null;
    }

    void open(String url) {
        driver.get("about:blank");
        driver.get(url);
    }

    void size(int width, int height) {
        command(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        width,
                        "height",
                        height,
                        "deviceScaleFactor",
                        1,
                        "mobile",
                        width < 500));
    }

    void dark(boolean wanted) {
        Map<String, String> feature =
                Map.of("name", "prefers-color-scheme", "value", wanted ? "dark" : "light");
        command("Emulation.setEmulatedMedia", Map.of("features", List.of(feature)));
    }

    /** One of DevTools. */
    private void command(String name, Map<String, Object> parameters) {
        driver.executeCdpCommand(name, parameters);
    }

    /** The value of an expression. */
    Object run(String expression, Object... arguments) {
        return Objects.requireNonNull(
                driver.executeScript("return " + expression, arguments), expression);
    }

    long number(String expression) {
        return ((Number) run(expression)).longValue();
    }

    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    String text(String selector) {
        return driver.findElement(By.cssSelector(selector)).getText();
    }

    /** Waits for a text to be there. */
    void awaitText(String selector, String part) {
        await("'" + part + "' in " + selector, () -> texts(selector).contains(part));
    }

    private String texts(String selector) {
        StringBuilder texts = new StringBuilder();
        all(selector).forEach(element -> texts.append(element.getText()).append('\n'));
        return texts.toString();
    }

    /** Clicks the link, button or fold of that text in the main part or, failing that, anywhere. */
    void click(String text) {
        String those =
                "*[self::a or self::button or self::summary][normalize-space()='" + text + "']";
        await(
                "a link or button '" + text + "'",
                () -> {
                    List<WebElement> found = driver.findElements(By.xpath("//main//" + those));
                    if (found.isEmpty()) {
                        found = driver.findElements(By.xpath("//" + those));
                    }
                    found.stream().findFirst().ifPresent(WebElement::click);
                    return !found.isEmpty();
                });
    }

    void type(String selector, String text) {
        WebElement field = driver.findElement(By.cssSelector(selector));
        field.clear();
        field.sendKeys(text);
    }

    /** Asks again until it is so; an element that was replaced meanwhile is looked for again. */
    void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!now(condition)) {
            assertThat(System.nanoTime())
                    .as("%s; the page says: %s; complaints: %s", what, text("body"), complaints())
                    .isLessThan(end);
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static boolean now(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (StaleElementReferenceException | JavascriptException replaced) {
            return false;
        }
    }

    /** What stands in the console since this was asked last. */
    List<String> complaints() {
        return driver.manage().logs().get("browser").getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /** The addresses that were asked for since this was asked last. */
    List<String> asked() {
        return driver.manage().logs().get("performance").getAll().stream()
                .map(entry -> ASKED.matcher(entry.getMessage()))
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
