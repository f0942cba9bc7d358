"""Muon and Adam over one flat tensor, so that a step is a few long operations, and processes add up their gradients in one go."""
import math

import torch


def is_wide(name, parameter):
    return parameter.dim() == 4 and name.startswith(("encoder", "decoder")) and min(parameter.shape[:2]) >= 48


def flat(values):
    """As one row, channels last where there are places."""
    return (values.permute(0, 2, 3, 1) if values.dim() == 4 else values).reshape(-1)


def unflat(row, shape):
    if len(shape) < 4:
        return row.view(shape)
    n, channels, rows, columns = shape
    return row.view(n, rows, columns, channels).permute(0, 3, 1, 2)


class Optimizer:
    """Muon (Jordan et al., 2024) for the wide convolutions of the transforms, Adam for everything else, and the mean of the weights of late.

    weights: all parameters, Muon's last; the model's parameters are views of it. gradients: as long and one more, the loss that is shown.
    """

    STATE = ("weights", "means", "first_moments", "second_moments", "steps", "usual_norm", "loss")

    def __init__(self, model):
        named = sorted(model.named_parameters(), key=lambda entry: is_wide(*entry))
        self.names, self.parameters = [name for name, _ in named], [p for _, p in named]
        self.places, end = [], 0
        for p in self.parameters:
            self.places.append((end, end + p.numel()))
            end += p.numel()
        self.by_adam = sum(p.numel() for name, p in named if not is_wide(name, p))
        device = self.parameters[0].device
        self.weights = torch.cat([flat(p.detach()) for p in self.parameters])
        for p, view in zip(self.parameters, self.views(self.weights)):
            p.data = view
        self.means = self.weights.clone()
        self.gradients = torch.zeros(end + 1, device=device)
        self.first_moments = torch.zeros(end, device=device)
        self.second_moments = torch.zeros(self.by_adam, device=device)
        self.steps, self.rate, self.loss = (torch.zeros((), device=device) for _ in range(3))
        self.usual_norm = torch.ones((), device=device)

    def views(self, values):
        """Each parameter's part of values for all of them, in its shape."""
        return [unflat(values[first:last], p.shape) for p, (first, last) in zip(self.parameters, self.places)]

    def named_means(self):
        return dict(zip(self.names, self.views(self.means)))

    def differentiate(self, loss, shown):
        """Fills the gradients."""
        parts = torch.autograd.grad(loss, self.parameters)
        torch.cat([flat(part) for part in parts] + [shown.reshape(1)], out=self.gradients)

    @torch.no_grad()
    def step(self):
        gradients = self.gradients[:-1]
        self.steps += 1
        self.loss.lerp_(self.gradients[-1], torch.clamp(1 / self.steps, min=0.02))
        self.clip(gradients)

        count = self.by_adam
        moment, square, gradient = self.first_moments[:count], self.second_moments, gradients[:count]
        moment.lerp_(gradient, 0.1)
        square.mul_(0.99).addcmul_(gradient, gradient, value=0.01)
        scale = (square / (1 - 0.99 ** self.steps)).sqrt_().add_(1e-8)
        self.weights[:count] -= moment / scale * (self.rate / (1 - 0.9 ** self.steps))

        self.first_moments[count:].lerp_(gradients[count:], 0.05)
        ahead = self.gradients.new_zeros(len(self.weights))
        ahead[count:] = gradients[count:].lerp(self.first_moments[count:], 0.95)
        for p, direction, (first, _) in zip(self.parameters, self.views(ahead), self.places):
            if first >= count:
                self.step_muon(p, direction)

        self.means += (self.weights - self.means) * torch.clamp(10 / (self.steps + 10), min=0.001)

    def clip(self, gradients):
        """Gradients no longer than twice what they were of late; none at all where their length is not a number."""
        norm = gradients.norm()
        gradients.mul_((2 * self.usual_norm / norm).clamp(max=1.0)).nan_to_num_(0, 0, 0)
        lately = self.usual_norm * 0.98 + 0.02 * torch.minimum(norm, 2 * self.usual_norm)
        self.usual_norm.copy_(torch.where(torch.isfinite(norm), torch.where(self.steps < 20, norm, lately), self.usual_norm))

    def state(self):
        return {name: getattr(self, name).cpu() for name in self.STATE}

    def restore(self, state):
        for name in self.STATE:
            getattr(self, name).copy_(state[name])

    def step_muon(self, p, ahead):
        """A step with all directions of a matrix at one length, as a share of the matrix's own root mean square singular value."""
        transposed = p.shape[-1] == 4
        as_matrix = (lambda t: t.transpose(0, 1).reshape(t.shape[1], -1)) if transposed else (lambda t: t.reshape(t.shape[0], -1))
        x, weights = as_matrix(ahead), as_matrix(p)
        high = x.shape[0] > x.shape[1]
        x = x.T if high else x
        x = x / (x.norm() + 1e-6)
        for _ in range(5):
            square = x @ x.T
            x = 3.4445 * x + (-4.7750 * square + 2.0315 * (square @ square)) @ x
        x = x.T if high else x
        change = x * ((weights.norm() / math.sqrt(min(weights.shape))).clamp(min=0.5) * self.rate)
        p -= change.reshape(p.shape[1], p.shape[0], 4, 4).transpose(0, 1) if transposed else change.reshape(p.shape)
