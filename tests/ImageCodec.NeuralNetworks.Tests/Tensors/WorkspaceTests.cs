using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Tests.Tensors;

public unsafe class WorkspaceTests
{
    [Test]
    public void Runs_of_one_size_allocate_native_memory_only_the_first_time()
    {
        // Its own, which other tests don't take from, and which keeps all.
        using NativePool pool = new(TimeSpan.FromHours(1));
        using Workspace workspace = new(pool);
        Sequential network = Network();
        Run(workspace, network, recording: true);
        Run(workspace, network, recording: false);
        long first = workspace.AllocationCount;

        for (int i = 0; i < 5; i++)
        {
            Run(workspace, network, recording: true);
            Run(workspace, network, recording: false);
        }

        Assert.That(first, Is.GreaterThan(0));
        Assert.That(workspace.AllocationCount, Is.EqualTo(first));
    }

    [Test]
    public void Memory_comes_back_when_an_exception_ends_a_run()
    {
        using Workspace workspace = new();
        Sequential broken = new(
            ("0", ConvolutionLayer.Convolve(3, 8, 3, 1, 1, Activation.None)), ("1", ConvolutionLayer.Convolve(9, 8, 3, 1, 1, Activation.None)));

        for (int i = 0; i < 3; i++)
        {
            Assert.That(() => Run(workspace, broken, recording: true), Throws.ArgumentException);
            Assert.That(workspace.RentedCount, Is.Zero);
        }
    }

    [Test]
    public void Memory_comes_back_when_a_run_is_cancelled()
    {
        using Workspace workspace = new();
        for (int threads = 1; threads <= 2; threads++)
        {
            using CancellationTokenSource source = new();
            Assert.That(
                () =>
                {
                    using ComputeScope scope = new(workspace, threads, recording: false, source.Token);
                    Tensor tensor = scope.CreateZero(2, new TensorShape(8, 8, 3));
                    int calls = 0;
                    scope.For(1000, _ =>
                    {
                        if (Interlocked.Increment(ref calls) == 10)
                        {
                            source.Cancel();
                        }
                    });
                    Network().Forward(scope, tensor);
                },
                Throws.InstanceOf<OperationCanceledException>());
            Assert.That(workspace.RentedCount, Is.Zero);
        }
    }

    [Test]
    public void A_cancelled_backward_pass_stops()
    {
        using Workspace workspace = new();
        using CancellationTokenSource source = new();
        using (ComputeScope scope = new(workspace, 0, recording: true, source.Token))
        {
            Tensor output = Network().Forward(scope, scope.CreateZero(1, new TensorShape(8, 8, 3)));
            scope.GradientOf(output);
            source.Cancel();
            Assert.That(scope.Backward, Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That(workspace.RentedCount, Is.Zero);
    }

    [Test]
    public void Use_after_dispose_is_refused_and_what_is_still_rented_may_come_back()
    {
        Workspace workspace = new();
        ComputeScope scope = new(workspace);
        Tensor tensor = scope.Create(1, new TensorShape(1, 1, 5));
        workspace.Dispose();

        Assert.That(() => scope.Create(1, new TensorShape(1, 1, 5)), Throws.InstanceOf<ObjectDisposedException>());
        scope.Release(tensor);
        scope.Dispose();
        workspace.Dispose();
        Assert.That(workspace.RentedCount, Is.Zero);
    }

    [Test]
    public void A_scope_that_has_ended_gives_no_more_tensors()
    {
        using Workspace workspace = new();
        ComputeScope scope = new(workspace);
        scope.Dispose();

        Assert.That(() => scope.Create(1, new TensorShape(1, 1, 1)), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(workspace.RentedCount, Is.Zero);
    }

    [Test]
    public void Blocks_are_aligned_and_have_a_readable_end()
    {
        using Workspace workspace = new();
        foreach (int length in new[] { 1, 3, 16, 1000 })
        {
            float* block = workspace.Rent(length);
            Assert.That((long)block % 64, Is.Zero);
            Assert.That(new Span<float>(block + length, 64).ToArray(), Is.All.Zero);
            workspace.Return(block);
        }
    }

    [Test]
    public void Many_threads_may_share_a_workspace()
    {
        using Workspace workspace = new();
        Sequential network = Network();
        float[] expected = Run(workspace, network, recording: false);

        Parallel.For(0, 40, i => Assert.That(Run(workspace, network, recording: i % 2 == 0), Is.EqualTo(expected)));
        Assert.That(workspace.RentedCount, Is.Zero);
    }

    [Test]
    public void A_negative_number_of_threads_is_refused()
    {
        using Workspace workspace = new();
        Assert.That(() => new ComputeScope(workspace, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static Sequential Network()
    {
        RandomSource random = new(3);
        Sequential network = new(
            ("0", ConvolutionLayer.Convolve(3, 16, 3, 2, 1, Activation.Relu)),
            ("1", new ResidualBlock(16)),
            ("2", new MaxPooling()),
            ("3", ConvolutionLayer.Transpose(16, 3, 4, 2, 1, 0, Activation.Sigmoid)));
        foreach ((_, Parameter parameter) in network.Parameters)
        {
            random.Fill(parameter.Values);
            parameter.Changed();
        }

        return network;
    }

    private static float[] Run(Workspace workspace, Sequential network, bool recording)
    {
        using ComputeScope scope = new(workspace, 2, recording);
        RandomSource random = new(4);
        Tensor output = network.Forward(scope, random.Tensor(scope, 2, new TensorShape(12, 20, 3)));
        float[] values = output.Span.ToArray();
        if (recording)
        {
            scope.GradientOf(output).Span.Fill(1);

            // Gradients go to the parameters, which threads may not share.
            lock (network)
            {
                scope.Backward();
            }
        }

        return values;
    }
}
