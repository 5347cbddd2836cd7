# A linear layer, y = x W^T + b.
class Dense(Module):
  __parameters__ = ["weight", "bias", ]
  __buffers__ = []
  training : bool
  weight : Tensor
  bias : Tensor
  def prepare(self: __torch__.Dense) -> NoneType:
    return None
  def forward(self: __torch__.Dense,
    x: Tensor) -> Tensor:
    return torch.linear(x, self.weight, self.bias)
