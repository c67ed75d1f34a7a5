using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Localization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.FileProviders;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Language;
using Opinion.Dashboard.OfficialAccount;
using Opinion.Dashboard.Open311;
using Opinion.Dashboard.OpenData;
using Opinion.Dashboard.SampleTown;
using Opinion.Dashboard.Writers;
using Opinion.Desk;
using Opinion.Desk.Offices;
using Opinion.Ingest.Hotline;
using Opinion.Ingest.Mailbox;
using Opinion.Ingest.Mailbox.Lmtp;
using Opinion.Ingest.OfficialAccount;
using Opinion.Ingest.Open311;
using Opinion.Ingest.Scheduling;
using IPNetwork = System.Net.IPNetwork;

namespace Opinion.Dashboard.Hosting;

/// <summary>Composes the web host: the desk, accounts, languages and pages. The one composition of the program and its tests.</summary>
public static class DashboardHost
{
    /// <summary>Bytes of a request's body that are read: a page of text far above the limit can still be refused in words.</summary>
    public const long BodyLimit = 8 * 1024 * 1024;

    /// <summary>Opens the office and builds the host, not yet started.</summary>
    /// <exception cref="Desk.Storage.StoreException">The data folder cannot be used.</exception>
    public static async Task<WebApplication> BuildAsync(DashboardOptions options, TimeProvider clock, CancellationToken cancel)
    {
        var town = options.SampleFolder is null ? null : TownFiles.Open(options.SampleFolder);
        if (town is not null) await SetUpTown.HandleAsync(options, town, clock, cancel);
        return Build(options, await OpenedDesk.OpenAsync(options.DataFolder, options.Connection, OfficeFoundation.Plain, clock, cancel), clock);
    }

    /// <summary>Builds the host on an opened office, not yet started.</summary>
    internal static WebApplication Build(DashboardOptions options, OpenedDesk desk, TimeProvider clock)
    {
        // Pages are compiled into this assembly, whichever program starts them.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(DashboardHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning)
            // A start that fails is told by the command that started.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(options.Listen, options.Port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLimit;
            // Who sends slowly, or nothing, is let go after a while and holds up nobody meanwhile: a connection costs memory, no thread.
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
            kestrel.Limits.MinRequestBodyDataRate = new Microsoft.AspNetCore.Server.Kestrel.Core.MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
            kestrel.Limits.MaxConcurrentConnections = 10_000;
        });
        builder.WebHost.UseKestrelCore();
        Add(builder.Services, desk, options, clock);
        var app = builder.Build();
        Map(app);
        return app;
    }

    private static void Add(IServiceCollection services, OpenedDesk desk, DashboardOptions options, TimeProvider clock)
    {
        services.AddDesk(desk, clock).AddSingleton(options).AddSingleton<Throttle>().AddSingleton(new UploadRoom()).AddSingleton<LoadTown>().AddSingleton<FirstAdministrators>();
        services.AddSingleton(options.Outgoing).AddHotline().AddOfficialAccount().AddScheduling(desk.Store, clock);
        services.AddOpen311().AddSingleton<Open311Endpoint>();
        services.AddSingleton<LetterWayWorker>().AddHostedService(provider => provider.GetRequiredService<LetterWayWorker>());
        services.AddSingleton(provider => new MailboxOptions { Maildir = options.Maildir, LmtpPort = options.LmtpPort, Arrived = provider.GetRequiredService<LetterWayWorker>().Wake });
        services.AddHostedService(provider => provider.GetRequiredService<LmtpListener>());
        services.AddSingleton<DoorTallyWorker>().AddHostedService(provider => provider.GetRequiredService<DoorTallyWorker>());
        services.AddHttpContextAccessor().AddScoped<StaffSession>().AddScoped<PageLanguage>().AddSingleton<FollowSession>();
        services.AddSharedWebKeys();
        services.AddDbContext<AccountsContext>(context =>
        {
            if (desk.Store.Source is { } source) context.UseNpgsql(source);
            else context.UseSqlite(desk.Store.ConnectionString);
        });
        services.AddIdentityCore<DeskAccount>(identity =>
        {
            identity.Password = new PasswordOptions { RequiredLength = 12, RequireDigit = false, RequireLowercase = false, RequireNonAlphanumeric = false, RequireUppercase = false, RequiredUniqueChars = 4 };
            identity.Lockout = new LockoutOptions { MaxFailedAccessAttempts = 10, DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5), AllowedForNewUsers = true };
            identity.User.RequireUniqueEmail = false;
            // Names of staff may be Chinese.
            identity.User.AllowedUserNameCharacters = null!;
        }).AddEntityFrameworkStores<AccountsContext>().AddSignInManager();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddCookie(IdentityConstants.ApplicationScheme, cookie =>
        {
            cookie.Cookie.Name = "opinion-staff";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Strict;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.ExpireTimeSpan = TimeSpan.FromHours(10);
            cookie.LoginPath = "/staff/sign-in";
        });
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "opinion-form";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.Configure<Microsoft.AspNetCore.Mvc.CookieTempDataProviderOptions>(done =>
        {
            done.Cookie.Name = "opinion-done";
            done.Cookie.SameSite = SameSiteMode.Strict;
            done.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddLocalization();
        services.Configure<RequestLocalizationOptions>(languages =>
        {
            languages.DefaultRequestCulture = new RequestCulture(PageLanguage.Cultures[0]);
            languages.SupportedCultures = languages.SupportedUICultures = [.. PageLanguage.Cultures];
            // Chinese first for everybody; English is the reader's own choice, not the browser's.
            languages.RequestCultureProviders = [new CookieRequestCultureProvider { CookieName = "opinion-language" }];
        });
        services.AddRateLimiter(_ => { });
        services.AddOptions<Microsoft.AspNetCore.RateLimiting.RateLimiterOptions>().Configure<Throttle>((limits, throttle) =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.GlobalLimiter = throttle.Limiter();
        });
        services.AddRazorPages(pages => pages.Conventions.ConfigureFilter(new Microsoft.AspNetCore.Mvc.ServiceFilterAttribute(typeof(StaffAccess))));
        services.AddScoped<StaffAccess>().AddHealthChecks();
        services.Configure<Microsoft.Extensions.WebEncoders.WebEncoderOptions>(encoder => encoder.TextEncoderSettings = new System.Text.Encodings.Web.TextEncoderSettings(System.Text.Unicode.UnicodeRanges.All));
    }

    private static void Map(WebApplication app)
    {
        if (app.Services.GetRequiredService<DashboardOptions>().Proxies is { Count: > 0 } proxies) app.UseForwardedHeaders(Forwarded(proxies));
        app.UseMiddleware<SecurityHeaders>();
        app.UseRequestLocalization();
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandlingPath = "/error", StatusCodeSelector = StatusOf });
        app.UseStatusCodePagesWithReExecute("/error");
        app.UseStaticFiles(new StaticFileOptions { FileProvider = new EmbeddedFileProvider(typeof(DashboardHost).Assembly, "Opinion.Dashboard.wwwroot"), RequestPath = "/assets" });
        app.UseMiddleware<Open311Errors>();
        app.UseRateLimiter();
        app.UseMiddleware<StrictForms>();
        app.UseRouting();
        app.UseAuthentication();
        app.MapRazorPages();
        app.MapOfficialAccount();
        app.MapHealthChecks("/health");
        app.MapWeekFiles();
        app.MapGet(Ingest.Outgoing.OptIn.Path, OptInFile.ReadAsync);
        app.Map(Open311Errors.Root + "/{**resource}", http => http.RequestServices.GetRequiredService<Open311Endpoint>().HandleAsync(http));
    }

    // What a proxy says of who asks is believed of the office's own proxies alone, and only their last word: anybody can send such a header.
    private static ForwardedHeadersOptions Forwarded(IReadOnlyList<IPNetwork> proxies)
    {
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = 1 };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in proxies) forwarded.KnownIPNetworks.Add(proxy);
        return forwarded;
    }

    private static int StatusOf(Exception error) => Desk.Storage.StoreFaults.Of(error) is { } fault ? ErrorPage.StatusOf(fault) : error switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        InvalidDataException => StatusCodes.Status400BadRequest,
        UnauthorizedAccessException => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status500InternalServerError,
    };
}
