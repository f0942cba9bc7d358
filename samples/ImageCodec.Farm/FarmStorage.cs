using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Npgsql;

namespace ImageCodec.Farm;

/// <summary>Where jobs are kept: in this process, or in a PostgreSQL database that any number of processes share.</summary>
internal static class FarmStorage
{
    /// <summary>A worker renews its hold on a job five times in so long. One that was killed loses it, and another worker begins it again.</summary>
    private static readonly TimeSpan s_hold = TimeSpan.FromSeconds(30);

    /// <summary>How often an idle worker looks for jobs that came back; new ones are told to it at once.</summary>
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(2);

    /// <param name="database">A connection string; null to keep the jobs in memory.</param>
    /// <param name="hold">How long a worker holds a job without renewing that; null for half a minute.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    /// <exception cref="NpgsqlException">The database does not answer, or lets nobody in.</exception>
    public static JobStorage Open(string? database, TimeSpan? hold = null)
    {
        if (database is null)
        {
            return new InMemoryStorage();
        }

        // Hangfire itself would try for a minute; whoever mistyped an address wants to know at once.
        try
        {
            using NpgsqlConnection connection = new(database);
            connection.Open();
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"That is no connection string of PostgreSQL: {e.Message}", e);
        }

        PostgreSqlStorageOptions options = new()
        {
            InvisibilityTimeout = hold ?? s_hold,
            UseSlidingInvisibilityTimeout = true,

            // Locks are rows, held for moments; one of a killed worker would keep its job for ten minutes by default.
            DistributedLockTimeout = hold ?? s_hold,
            QueuePollInterval = s_poll,
            EnableLongPolling = true,
            PrepareSchemaIfNecessary = true,
        };
        return new PostgreSqlStorage(new NpgsqlConnectionFactory(database, options), options);
    }
}
